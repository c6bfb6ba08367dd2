package dev.sweeprunner.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.OwnerForm;
import dev.sweeprunner.run.Provenance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code meta/{epoch}}: what a claim was made with: config, commit, uncommitted changes, host,
 * versions. For people; written without an fsync, so that a power cut may leave it empty.
 */
final class MetaFolder {
  private static final int VERSION = 1;
  static final String META = "meta.json";
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
    var meta = new LinkedHashMap<String, @Nullable Object>();
    meta.put("v", VERSION);
    meta.put("run_id", point.runId());
    meta.put("epoch", epoch);
    meta.put("base", base);
    meta.put("written", clock.now().toString());
    meta.put("commit", provenance.commit());
    meta.put("diff", provenance.diff().isEmpty() ? null : DIFF);
    meta.put("host", OwnerForm.REPORT.members(owner));
    meta.put("versions", provenance.versions());
    meta.put("overrides", point.overrides());
    meta.put("config_sha256", point.config().sha256());
    meta.put("config", config(point));
    fresh(folder.resolve(META), Json.document(meta));
    if (!provenance.diff().isEmpty()) {
      fresh(folder.resolve(DIFF), provenance.diff().getBytes(UTF_8));
    }
  }

  private static Map<String, @Nullable Object> config(Point point) {
    var canonical = point.config().canonicalJson();
    try {
      return Json.object(canonical.getBytes(UTF_8));
    } catch (UnreadableJson e) {
      throw new IllegalStateException("no canonical JSON: " + canonical, e);
    }
  }

  private void fresh(Path file, byte[] content) throws IOException {
    files.delete(file);
    try (var out = files.openAppender(file)) {
      out.append(content);
    }
  }
}
