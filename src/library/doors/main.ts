// Printed by bench/doors.mjs.
import * as behind from "../../index.ts";
import { door } from "../door.ts";

export * from "../../index.ts";

export const applyPreset: typeof behind.applyPreset = door(behind.applyPreset, "preset: { name: text, about: text, title: text, contrast: text, model: text, settings: object, binRule: text, bins: number, x: list, panels: object, usualPanels: text, variants: list, remarks: list }", "model: text", "options: object");
export const averagingOf: typeof behind.averagingOf = door(behind.averagingOf, "causal?: boolean");
export const drivenBy: typeof behind.drivenBy = door(behind.drivenBy, "family: { name: text, dynamics: null | text | object, label: text, colour: text, dash: list, width: number }");
export const dynamicsField: typeof behind.dynamicsField = door(behind.dynamicsField, "dynamics: { name: text, equation: text, source: text, geometry: text, parameters: object, terms: function, logScale: function, rotates: boolean, permutes: boolean, contracts: boolean }", "parameters?: object");
export const familyLabel: typeof behind.familyLabel = door(behind.familyLabel, "family: { name: text }");
export const familyNamed: typeof behind.familyNamed = door(behind.familyNamed, "name: text", "extra?: list");
export const familyOf: typeof behind.familyOf = door(behind.familyOf, "dynamics: text | { name: text, equation: text, source: text, geometry: text, parameters: object, terms: function, logScale: function, rotates: boolean, permutes: boolean, contracts: boolean }", "place?: number");
export const familyStyles: typeof behind.familyStyles = door(behind.familyStyles, "families: list");
export const familyWords: typeof behind.familyWords = door(behind.familyWords, "name: text");
export const fit: typeof behind.fit = door(behind.fit, "batches: list", "options?: object");
export const fitWith: typeof behind.fitWith = door(behind.fitWith, "elsewhere: object", "batches: list", "options: object");
export const fixedBeta: typeof behind.fixedBeta = door(behind.fixedBeta, "movingFamily: { name: text, dynamics: text | object, label: text, colour: text, dash: list, width: number }");
export const isFrozen: typeof behind.isFrozen = door(behind.isFrozen, "name: text");
export const measureUpdates: typeof behind.measureUpdates = door(behind.measureUpdates, "states: { batch: number, n: number, d: number, layers: list, mask: list, special: null | list, tokens: null | list }", "row: number", "options: { fields: list }", "updatesPlace: { policy: object }");
export const movingFamilies: typeof behind.movingFamilies = door(behind.movingFamilies, "asked: list");
export const planVariants: typeof behind.planVariants = door(behind.planVariants, "preset: { name: text, about: text, title: text, contrast: text, model: text, settings: object, binRule: text, bins: number, x: list, panels: object, usualPanels: text, variants: list, remarks: list }", "overrides: object", "own: { layers: null | number, heads: null | number }");
export const presetNamed: typeof behind.presetNamed = door(behind.presetNamed, "name: text");
export const processHelper: typeof behind.processHelper = door(behind.processHelper, "task: { dynamics: text | object, times: list, seeds: number, firstSeed: number, threshold: number, rtol: number, atol: number, precision: text, engine: text | object, threads: number, n: number, d: number }", "signal: { aborted: boolean, onabort: null | function, throwIfAborted: function, addEventListener: function, dispatchEvent: function, removeEventListener: function }", "sweepHelpersOptions?: object");
export const readingInWords: typeof behind.readingInWords = door(behind.readingInWords, "heads: null | number", "own: { layers: null | number, heads: null | number }", "overrides: object");
export const readsBeta: typeof behind.readsBeta = door(behind.readsBeta, "dynamics: text | { name: text, equation: text, source: text, geometry: text, parameters: object, terms: function, logScale: function, rotates: boolean, permutes: boolean, contracts: boolean }");
export const renderFigure: typeof behind.renderFigure = door(behind.renderFigure, "spec: object");
export const renderSvg: typeof behind.renderSvg = door(behind.renderSvg, "spec: object");
export const reportHtml: typeof behind.reportHtml = door(behind.reportHtml, "run: { title: text, manifest: object, metrics: list, fit: null | object, histograms: object, figures: list }");
export const runFigures: typeof behind.runFigures = door(behind.runFigures, "run: { metrics: list, histograms: object, fit: null | object }", "layers?: object");
export const searchedParameter: typeof behind.searchedParameter = door(behind.searchedParameter, "family: { name: text, dynamics: null | text | object, label: text, colour: text, dash: list, width: number }");
export const styled: typeof behind.styled = door(behind.styled, "family: { name: text, label: text }", "place: number");
export const sweepHelpers: typeof behind.sweepHelpers = door(behind.sweepHelpers, "workers: number", "options?: object");
export const withFirstValue: typeof behind.withFirstValue = door(behind.withFirstValue, "family: { name: text, dynamics: null | text | object, label: text, colour: text, dash: list, width: number }", "d: number");
export const withoutFrozen: typeof behind.withoutFrozen = door(behind.withoutFrozen, "families: list");
export const writeFigure: typeof behind.writeFigure = door(behind.writeFigure, "folder: text", "name: text", "spec: object");
