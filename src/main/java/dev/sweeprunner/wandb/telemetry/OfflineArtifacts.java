package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.TrackedArtifact;
import dev.sweeprunner.wandb.offline.OfflineArtifact;
import dev.sweeprunner.wandb.offline.OfflineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Makes artifacts of programs into what {@code wandb sync} takes. Their contents get second names
 * beside the {@code .wandb} file, since sync may remove what it has uploaded; references to other
 * artifacts get the names back that the program gave those, which sync resolves.
 *
 * @param folder of the run's {@code .wandb} file
 */
record OfflineArtifacts(FileSystem disk, Path folder, OfflineRun run) {
  private static final String REFERENCE = "wandb-artifact://";

  /** All that are whole, each as often as it was named. */
  List<OfflineArtifact> place(CargoList list) throws IOException {
    Map<String, String> names = new HashMap<>();
    List<OfflineArtifact> artifacts = new ArrayList<>();
    for (Cargo cargo : list.look().artifacts()) {
      if (cargo instanceof Cargo.Version version) {
        names.putIfAbsent(version.artifact().id(), String.valueOf(version.input().get("clientID")));
        Path place = folder.resolve("artifacts").resolve(Integer.toString(artifacts.size()));
        artifacts.add(artifact(version, place, names));
      }
    }
    return artifacts;
  }

  private OfflineArtifact artifact(Cargo.Version version, Path place, Map<String, String> names)
      throws IOException {
    try {
      Fields manifest =
          Fields.of(Files.readAllBytes(version.contents().resolve(TrackedArtifact.MANIFEST)));
      Fields contents = manifest.object("contents");
      List<OfflineArtifact.Entry> entries = new ArrayList<>();
      for (String name : contents.members().keySet()) {
        entries.add(entry(name, contents.object(name), version, place, names));
      }
      String policy = manifest.textOr("storagePolicy", "wandb-storage-policy-v1");
      return new OfflineArtifact(run, version.input(), policy, entries);
    } catch (UnreadableJson damaged) {
      throw new IOException("a manifest that cannot be read", damaged);
    }
  }

  private OfflineArtifact.Entry entry(
      String name, Fields entry, Cargo.Version version, Path place, Map<String, String> names)
      throws IOException, UnreadableJson {
    String ref = entry.textOrNull("ref");
    Fields extra = entry.objectOrNull("extra");
    String local = null;
    if (version.artifact().files().containsKey(name)) {
      String content = TrackedArtifact.contentName(name);
      Path linked = place.resolve(content);
      new OfflineCargo(disk, folder).place(version.contents().resolve(content), linked);
      local = linked.toAbsolutePath().toString();
    }
    return new OfflineArtifact.Entry(
        name,
        entry.text("digest"),
        ref == null ? null : named(ref, names),
        entry.members().containsKey("size") ? entry.number("size") : 0,
        local,
        extra == null ? Map.of() : extra.members());
  }

  /** A reference by our id as one by the program's own name; any other as it is. */
  private static String named(String ref, Map<String, String> names) {
    int slash = ref.indexOf('/', REFERENCE.length());
    if (!ref.startsWith(REFERENCE) || slash < 0) {
      return ref;
    }
    try {
      byte[] id = HexFormat.of().parseHex(ref.substring(REFERENCE.length(), slash));
      String client = names.get(Base64.getEncoder().encodeToString(id));
      return client == null ? ref : "wandb-client-artifact://" + client + ref.substring(slash);
    } catch (IllegalArgumentException another) {
      return ref;
    }
  }
}
