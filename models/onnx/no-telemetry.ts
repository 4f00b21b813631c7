/**
 * ONNX Runtime 1.30 sends telemetry unless this is set before its library is loaded: a device id and an event queue in the user's
 * cache, a log in the temporary folder, a host looked up. Nobody asked for that here. A value that the user set is left alone.
 */
process.env.ORT_DISABLE_TELEMETRY ??= "1";
