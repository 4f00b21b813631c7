import type { OpenWorkshop, Work } from "../fit/workshop.ts";
import { receivedFamily, sentFamily } from "./send-family.ts";
import type { StudyHelper } from "./study-helper.ts";

/** A workshop in a helper's process. A family that cannot be sent is searched here. */
export function farWorkshop({ ask }: StudyHelper): OpenWorkshop {
  return (task, here) => {
    const opened = ask("workshop", task);
    return {
      async rank(family, time, value, near) {
        const sent = sentFamily(family);
        if (!sent) return here.rank(family, time, value, near);
        return ask("rank", { workshop: await opened, sent, time, value, near });
      },
      async search(asked, time, free, progress) {
        const going = sentFamily(asked);
        if (!going) return here.search(asked, time, free, progress);
        const given = { workshop: await opened, sent: going, time, free };
        const { work, sent, ...found } = await ask("search", given, progress);
        const check: Work["check"] = (map, noise, tell) => ask("check", { work, map, noise }, tell);
        return { ...found, family: receivedFamily(sent), check };
      },
    };
  };
}
