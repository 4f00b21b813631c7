/** What else has been proposed that tokens move by: names that families may be held against, of rivals without attention and of laws. */
export const LAWS_BESIDE = ["langevin", "sa_krause", "usa_krause", "sa_sinkhorn", "sa_ramp"] as const;
