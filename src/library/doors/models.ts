// Printed by bench/doors.mjs.
import { door } from "../door.ts";
import * as behind from "../models.ts";

export * from "../models.ts";

export const chunkEncoded: typeof behind.chunkEncoded = door(behind.chunkEncoded, "encoded: { ids: list, tokens: list, special: list, dropped: number }", "chunkPolicy: { size: null | number, overlap: number }", "limit: number");
export const createHiddenStates: typeof behind.createHiddenStates = door(behind.createHiddenStates, "path: text");
export const createSafetensors: typeof behind.createSafetensors = door(behind.createSafetensors, "path: text");
export const encodeModel: typeof behind.encodeModel = door(behind.encodeModel, "spec: { opset: number, irVersion?: number, domains?: object, inputs: list, outputs: list, nodes: list, initializers: list }");
export const exposeOutputs: typeof behind.exposeOutputs = door(behind.exposeOutputs, "bytes: list", "names: list");
export const fillInputs: typeof behind.fillInputs = door(behind.fillInputs, "needs: { inputs: list, source: text, vocabulary: null | number, positions: null | number, reads?: function, positionsByMask?: boolean }", "given: object");
export const findResidualStream: typeof behind.findResidualStream = door(behind.findResidualStream, "graph: { irVersion: number, producer: text, opsets: object, nodes: list, initializers: object, inputs: list, outputs: list, functions: list }", "name?: text");
export const hiddenStatesOf: typeof behind.hiddenStatesOf = door(behind.hiddenStatesOf, "path: text");
export const imagePositions: typeof behind.imagePositions = door(behind.imagePositions, "pick: { n: number, batch: number }", "options: list", "config: object");
export const loadTokenizer: typeof behind.loadTokenizer = door(behind.loadTokenizer, "folder: text", "positions: null | number");
export const loopBlocks: typeof behind.loopBlocks = door(behind.loopBlocks, "bytes: list", "stream: { layers: number, points: list, residMid: list, attentions: list, blocks: list, axes: object, norm: text, parallel: boolean, sharedWeights: boolean, omitted: list, source: text, sink: text, vocabulary: null | number, warnings: list, streams: list }", "depth: number");
export const nameOutput: typeof behind.nameOutput = door(behind.nameOutput, "bytes: list", "nodeStart: number", "output: number", "name: text");
export const openCheckpoint: typeof behind.openCheckpoint = door(behind.openCheckpoint, "files: { config: text, weights: null | text }", "overrides: { depth?: number, heads?: number, randomInit?: number, shuffleTokens?: number }");
export const openSafetensors: typeof behind.openSafetensors = door(behind.openSafetensors, "path: text");
export const openSession: typeof behind.openSession = door(behind.openSession, "bytes: list", "options?: { threads?: number, spin?: boolean, level?: text, providers?: list, externalData?: list, externalFolder?: text, foldConstants?: boolean }");
export const parseInputs: typeof behind.parseInputs = door(behind.parseInputs, "text: text", "path: text");
export const parseNpy: typeof behind.parseNpy = door(behind.parseNpy, "bytes: list", "path: text");
export const readFloats: typeof behind.readFloats = door(behind.readFloats, "file: { path: text, tensors: object, metadata: object, dataStart: number, read: function, close: function }", "name: text");
export const readNpy: typeof behind.readNpy = door(behind.readNpy, "path: text");
export const readOnnxGraph: typeof behind.readOnnxGraph = door(behind.readOnnxGraph, "bytes: list");
export const readTensor: typeof behind.readTensor = door(behind.readTensor, "file: { path: text, tensors: object, metadata: object, dataStart: number, read: function, close: function }", "name: text");
export const storedStates: typeof behind.storedStates = door(behind.storedStates, "path: text", "most: number", "warn?: function");
export const tensorOf: typeof behind.tensorOf = door(behind.tensorOf, "dtype: text", "shape: list", "values: list");
export const writeHiddenStates: typeof behind.writeHiddenStates = door(behind.writeHiddenStates, "path: text", "batches: list");
