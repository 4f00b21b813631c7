/** Lets the copy buttons of an element copy the text that they stand beside. */
export function openCopyButtons(root: HTMLElement): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    const text = document.getElementById(button.dataset.copy ?? "");
    if (text) button.onclick = () => void copy(button, text);
  }
}

/** Where the clipboard is closed to the page, the text is selected instead. */
async function copy(button: HTMLButtonElement, text: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text.textContent ?? "");
    button.textContent = "copied";
  } catch {
    getSelection()?.selectAllChildren(text);
    button.textContent = "selected";
  }
}
