/**
 * The numbers of fields, as onnx.proto names them, of the messages that are read or written.
 * Source: https://github.com/onnx/onnx/blob/v1.20.0/onnx/onnx.proto
 */

export const MODEL = {
  ...{ ir_version: 1, producer_name: 2, producer_version: 3, domain: 4, model_version: 5, doc_string: 6, graph: 7 },
  ...{ opset_import: 8, metadata_props: 14, training_info: 20, functions: 25, configuration: 26 },
} as const;

export const OPERATOR_SET = { domain: 1, version: 2 } as const;

export const FUNCTION = { name: 1, domain: 10 } as const;

export const GRAPH = {
  ...{ node: 1, name: 2, initializer: 5, doc_string: 10, input: 11, output: 12, value_info: 13 },
  ...{ quantization_annotation: 14, sparse_initializer: 15, metadata_props: 16 },
} as const;

export const NODE = {
  ...{ input: 1, output: 2, name: 3, op_type: 4, attribute: 5, doc_string: 6, domain: 7, overload: 8 },
  ...{ metadata_props: 9, device_configurations: 10 },
} as const;

export const ATTRIBUTE = {
  ...{ name: 1, f: 2, i: 3, s: 4, t: 5, g: 6, floats: 7, ints: 8, strings: 9, tensors: 10, graphs: 11 },
  ...{ doc_string: 13, tp: 14, type_protos: 15, type: 20, ref_attr_name: 21, sparse_tensor: 22, sparse_tensors: 23 },
} as const;

/** Values of `AttributeProto.type`. */
export const ATTRIBUTE_TYPE = { FLOAT: 1, INT: 2, STRING: 3, TENSOR: 4, FLOATS: 6, INTS: 7, STRINGS: 8 } as const;

export const TENSOR = {
  ...{ dims: 1, data_type: 2, segment: 3, float_data: 4, int32_data: 5, string_data: 6, int64_data: 7, name: 8 },
  ...{ raw_data: 9, double_data: 10, uint64_data: 11, doc_string: 12, external_data: 13, data_location: 14 },
  metadata_props: 16,
} as const;

/** The value of `TensorProto.data_location` where the data lie in another file. */
export const EXTERNAL = 1;

/** An entry of `external_data`. */
export const STRING_ENTRY = { key: 1, value: 2 } as const;

export const VALUE_INFO = { name: 1, type: 2, doc_string: 3, metadata_props: 4 } as const;

export const TYPE = { tensor_type: 1 } as const;

export const TENSOR_TYPE = { elem_type: 1, shape: 2 } as const;

export const SHAPE = { dim: 1 } as const;

export const DIMENSION = { dim_value: 1, dim_param: 2 } as const;

/** Kinds of payload, as protocol buffers name them. */
export const WIRE = { varint: 0, i64: 1, len: 2, i32: 5 } as const;
