/** What wrappers of PyTorch, Lightning and peft put before a module's names; those of torch.compile and FSDP within, too. */
const WITHIN = /(^|\.)(_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)(?=\.)/g;
const BEFORE = /^(module|_forward_module|base_model\.model)\./;

/** A parameter's name without its wrappers. */
export function unwrappedName(name: string): string {
  let bare = name.replace(WITHIN, "").replace(/^\./, "");
  while (BEFORE.test(bare)) bare = bare.replace(BEFORE, "");
  return bare;
}

/**
 * Where a whole model lies within another: what stands before `name` in the names that end with it.
 *
 * @returns several where the file holds several such models.
 */
export function prefixesOf(names: Iterable<string>, name: string): string[] {
  return [...names].filter((one) => one.endsWith(`.${name}`)).map((one) => one.slice(0, -name.length));
}
