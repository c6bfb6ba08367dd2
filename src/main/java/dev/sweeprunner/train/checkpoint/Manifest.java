package dev.sweeprunner.train.checkpoint;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import java.util.LinkedHashMap;
import java.util.Map;

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

  /**
   * One file.
   *
   * @param bytes its size
   * @param sha256 lower-case hex
   */
  record Stored(long bytes, String sha256) {}

  byte[] json() {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("v", VERSION);
    root.put("iter", iter);
    root.put("epoch", epoch);
    root.put("permanent", permanent);
    root.put("config_sha256", configSha256);
    root.put("kernels", numerics.kernels());
    root.put("device", numerics.device());
    root.put("dtype", numerics.dtype());
    Map<String, Object> listed = new LinkedHashMap<>();
    files.forEach((name, stored) -> listed.put(name, members(stored)));
    root.put("files", listed);
    return Json.bytes(root);
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws UnreadableJson if a field is missing
   */
  static Manifest read(Fields root) throws UnreadableJson {
    Map<String, Stored> files = new LinkedHashMap<>();
    Fields listed = root.object("files");
    for (String name : listed.members().keySet()) {
      Fields file = listed.object(name);
      files.put(name, new Stored(file.number("bytes"), file.text("sha256")));
    }
    return new Manifest(
        root.number("iter"),
        root.integer("epoch"),
        root.flag("permanent"),
        root.text("config_sha256"),
        new TrainingState.Numerics(root.text("kernels"), root.text("device"), root.text("dtype")),
        files);
  }

  private static Map<String, Object> members(Stored stored) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("bytes", stored.bytes());
    members.put("sha256", stored.sha256());
    return members;
  }
}
