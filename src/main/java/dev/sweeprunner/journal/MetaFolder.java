package dev.sweeprunner.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Provenance;
import java.io.IOException;
import java.nio.file.Path;

/**
 * {@code meta/{epoch}}: what a claim was made with: config, commit, uncommitted changes, host,
 * versions. For people; written without an fsync, so that a power cut may leave it empty.
 */
final class MetaFolder {
  private static final String META = "meta.json";
  private static final String DIFF = "diff.patch";

  private final FileSystem files;
  private final Layout layout;

  MetaFolder(FileSystem files, Layout layout) {
    this.files = files;
    this.layout = layout;
  }

  /** Writes the folder's files; {@code meta} exists. */
  void write(Point point, int epoch, long base, Owner owner, Provenance provenance, Clock clock)
      throws IOException {
    var folder = layout.meta(point.key(), epoch);
    var meta = Json.MAPPER.createObjectNode();
    meta.put("v", Json.VERSION);
    meta.put("run_id", point.runId());
    meta.put("epoch", epoch);
    meta.put("base", base);
    meta.put("written", clock.now().toString());
    meta.put("commit", provenance.commit());
    meta.put("diff", provenance.diff().isEmpty() ? null : DIFF);
    meta.set("host", Json.MAPPER.valueToTree(owner));
    meta.set("versions", Json.MAPPER.valueToTree(provenance.versions()));
    meta.set("overrides", Json.MAPPER.valueToTree(point.overrides()));
    meta.put("config_sha256", point.config().sha256());
    meta.set("config", Json.MAPPER.readTree(point.config().canonicalJson()));
    fresh(folder.resolve(META), Json.document(meta));
    if (!provenance.diff().isEmpty()) {
      fresh(folder.resolve(DIFF), provenance.diff().getBytes(UTF_8));
    }
  }

  private void fresh(Path file, byte[] content) throws IOException {
    files.delete(file);
    try (var out = files.openAppender(file)) {
      out.append(content);
    }
  }
}
