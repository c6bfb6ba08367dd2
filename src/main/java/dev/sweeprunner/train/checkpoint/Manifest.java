package dev.sweeprunner.train.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a checkpoint folder holds: {@code manifest.json}.
 *
 * @param iter completed updates
 * @param epoch the claim that wrote it
 * @param permanent whether it stays when newer ones are published
 * @param configSha256 of the canonical config
 * @param numerics what computed it
 * @param files file name to its size and hash, as written
 */
record Manifest(
    long iter,
    int epoch,
    boolean permanent,
    String configSha256,
    TrainingState.Numerics numerics,
    Map<String, Stored> files) {
  static final int VERSION = 1;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * One file.
   *
   * @param bytes its size
   * @param sha256 lower-case hex
   */
  record Stored(long bytes, String sha256) {}

  byte[] json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("v", VERSION).put("iter", iter).put("epoch", epoch).put("permanent", permanent);
    root.put("config_sha256", configSha256);
    root.put("kernels", numerics.kernels());
    root.put("device", numerics.device());
    root.put("dtype", numerics.dtype());
    ObjectNode listed = root.putObject("files");
    files.forEach(
        (name, stored) ->
            listed.putObject(name).put("bytes", stored.bytes()).put("sha256", stored.sha256()));
    return (JSON.writeValueAsString(root) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws JacksonException if it is no JSON or a field is missing
   */
  static Manifest read(JsonNode root) {
    Map<String, Stored> files = new LinkedHashMap<>();
    root.required("files")
        .properties()
        .forEach(
            entry ->
                files.put(
                    entry.getKey(),
                    new Stored(
                        entry.getValue().required("bytes").longValue(),
                        entry.getValue().required("sha256").stringValue())));
    return new Manifest(
        root.required("iter").longValue(),
        root.required("epoch").intValue(),
        root.required("permanent").booleanValue(),
        root.required("config_sha256").stringValue(),
        new TrainingState.Numerics(
            root.required("kernels").stringValue(),
            root.required("device").stringValue(),
            root.required("dtype").stringValue()),
        files);
  }
}
