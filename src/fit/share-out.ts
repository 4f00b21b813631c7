/** Does work in the place that is free first; what is urgent before what waits already. */
export type ShareOut<P> = <T>(work: (place: P) => Promise<T>, urgent?: boolean) => Promise<T>;

/**
 * Gives out work to places, each of which does one thing at a time. Once one has failed nobody wants the rest: what waits is dropped.
 *
 * @param idle - Told of each place that has nothing to do, whenever work was given out and none waits.
 */
export function shareOut<P>(places: readonly P[], idle: (place: P) => void = () => {}): ShareOut<P> {
  const free = [...places];
  const waiting: ((place: P) => Promise<void>)[] = [];
  let failed = false;
  const goOn = (): void => {
    while (free.length > 0 && waiting.length > 0) {
      const place = free.shift()!;
      void waiting.shift()!(place).then(() => {
        free.push(place);
        goOn();
      });
    }
    if (waiting.length === 0 && !failed) free.forEach(idle);
  };
  return (work, urgent = false) =>
    new Promise((resolve, reject) => {
      const job = async (place: P): Promise<void> => {
        try {
          resolve(await work(place));
        } catch (error) {
          failed = true;
          waiting.length = 0;
          reject(error);
        }
      };
      if (urgent) waiting.unshift(job);
      else waiting.push(job);
      goOn();
    });
}
