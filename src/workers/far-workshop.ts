import type { OpenWorkshop, Work } from "../fit/workshop.ts";
import { receivedFamily, sentFamily } from "./send-family.ts";
import type { StudyHelper } from "./study-helper.ts";

/** A workshop in a helper's process. A family that cannot be sent is searched here. */
export function farWorkshop({ ask }: StudyHelper): OpenWorkshop {
  return (task, here) => {
    const opened = ask("workshop", task);
    return {
      async search(asked, time, progress) {
        const going = sentFamily(asked);
        if (!going) return here.search(asked, time, progress);
        const { work, sent, ...found } = await ask("search", { workshop: await opened, sent: going, time }, progress);
        const check: Work["check"] = (map, noise, tell) => ask("check", { work, map, noise }, tell);
        return { ...found, family: receivedFamily(sent), check };
      },
    };
  };
}
