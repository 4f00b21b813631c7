import { innerProducts } from "../../probes/products/inner-products.ts";
import type { Rival } from "./rival.ts";

export const frozen: Rival = {
  name: "frozen",
  label: "nothing moving",
  about: "every layer is the first",
  competes: true,
  predict({ clouds }) {
    const products = innerProducts(clouds[0], true);
    return { cloud: () => clouds[0], products: () => products };
  },
};
