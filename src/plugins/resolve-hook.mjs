// @ts-check

/** @type {Readonly<Record<string, string>>} */
let own = {};

/** @param {Readonly<Record<string, string>>} data Addresses of our entry points, by the name that a plugin imports. */
export function initialize(data) {
  own = data;
}

/**
 * A hook of Node's: `import "tokensphere/sim"` in a plugin, wherever that lies, gives the module that loads the plugin.
 *
 * @param {string} specifier
 * @param {object} context
 * @param {(specifier: string, context: object) => unknown} next
 */
export function resolve(specifier, context, next) {
  const url = own[specifier];
  return url === undefined ? next(specifier, context) : { url, format: "module", shortCircuit: true };
}
