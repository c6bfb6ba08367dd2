package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.TrackedArtifact;
import dev.sweeprunner.wandb.api.RemoteArtifacts;
import dev.sweeprunner.wandb.api.RemoteArtifacts.Created;
import dev.sweeprunner.wandb.api.RemoteArtifacts.Place;
import dev.sweeprunner.wandb.api.RunPath;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Gives an artifact to W&amp;B as its client would have. W&amp;B's id of it is another than the one
 * that the client was told here: where the manifest, or that of a later one, names it, W&amp;B's is
 * put in its place. The names that the client gave it itself stay, as rows refer to it by them.
 * Belongs to one thread.
 */
final class ArtifactShipping {
  private static final int BATCH = 100;
  private static final String REFERENCE = "wandb-artifact://";

  private final ShippedMarks marks;

  /**
   * Has shipped what these say.
   *
   * @param marks know W&amp;B's ids of what was shipped
   */
  ArtifactShipping(ShippedMarks marks) {
    this.marks = marks;
  }

  /**
   * Ships one naming of an artifact; one that W&amp;B has is only told of this name.
   *
   * @return W&amp;B's id of it
   */
  String ship(Cargo.Version version, RemoteArtifacts to, RunPath run)
      throws WandbFailure, IOException {
    Created created = create(version.input(), to, run);
    if (!created.whole()) {
      fill(version, created, to, run);
      to.commit(created);
    }
    return created.id();
  }

  /** Ships a link to an artifact that was shipped. */
  void ship(Cargo.Link link, RemoteArtifacts to, RunPath run) throws WandbFailure, IOException {
    Map<String, Object> input = CargoList.present(link.link());
    String ours = String.valueOf(link.artifact().inputs().get(0).get("entityName"));
    if (ours.equals(input.get("entityName"))) {
      input.put("entityName", run.entity());
      input.put("projectName", project(link, run));
    }
    input.keySet().removeAll(List.of("clientID", "clientId", "artifactId"));
    input.put("artifactID", theirs(link.artifact().id()));
    to.link(input);
  }

  /** W&amp;B's id of one of ours; of any other, what it is. */
  private String theirs(String ours) throws IOException {
    OptionalLong number = TrackedArtifact.numberOf(ours);
    String theirs = number.isEmpty() ? null : marks.id(Cargo.Version.start(number.getAsLong()));
    return theirs == null ? ours : theirs;
  }

  /** The project of the run may have another name there; others keep theirs. */
  private static Object project(Cargo.Link link, RunPath run) {
    Object named = link.link().get("projectName");
    Object ours = link.artifact().inputs().get(0).get("projectName");
    return named == null || named.equals(ours) ? run.project() : named;
  }

  private void fill(Cargo.Version version, Created created, RemoteArtifacts to, RunPath run)
      throws WandbFailure, IOException {
    String manifestId = to.manifest(created, run);
    Map<String, String> born = new HashMap<>();
    List<Map.Entry<String, String>> entries =
        new ArrayList<>(version.artifact().files().entrySet());
    for (int from = 0; from < entries.size(); from += BATCH) {
      Map<String, String> some = new LinkedHashMap<>();
      entries
          .subList(from, Math.min(entries.size(), from + BATCH))
          .forEach(entry -> some.put(entry.getKey(), entry.getValue()));
      List<Place> places = to.places(created, manifestId, some);
      int next = 0;
      for (String name : some.keySet()) {
        Place place = places.get(next++);
        to.put(name, place, version.contents().resolve(TrackedArtifact.contentName(name)));
        born.put(name, place.artifactId());
      }
    }
    byte[] manifest = manifest(version.contents(), born);
    to.putManifest(created, run, manifest, md5(manifest));
  }

  private Created create(Map<String, ?> told, RemoteArtifacts to, RunPath run) throws WandbFailure {
    Map<String, Object> input = CargoList.present(told);
    input.put("entityName", run.entity());
    input.put("projectName", run.project());
    if (input.containsKey("runName")) {
      input.put("runName", run.runId());
    }
    input.putIfAbsent("digestAlgorithm", "MANIFEST_MD5");
    input.putIfAbsent("enableDigestDeduplication", true);
    return to.create(input);
  }

  private byte[] manifest(Path contents, Map<String, String> born) throws IOException {
    Map<String, @Nullable Object> manifest;
    try {
      manifest = Json.object(Files.readAllBytes(contents.resolve(TrackedArtifact.MANIFEST)));
    } catch (UnreadableJson damaged) {
      throw new IOException("a manifest that cannot be read", damaged);
    }
    Map<String, @Nullable Object> entries = new LinkedHashMap<>();
    if (manifest.get("contents") instanceof Map<?, ?> all) {
      for (Map.Entry<?, ?> entry : all.entrySet()) {
        String name = String.valueOf(entry.getKey());
        entries.put(name, translated(entry.getValue(), born.get(name)));
      }
    }
    manifest.put("contents", entries);
    return Json.bytes(manifest);
  }

  private @Nullable Object translated(@Nullable Object entry, @Nullable String bornIn)
      throws IOException {
    if (!(entry instanceof Map<?, ?> members)) {
      return entry;
    }
    Map<String, @Nullable Object> translated = new LinkedHashMap<>();
    members.forEach((name, value) -> translated.put(String.valueOf(name), value));
    if (bornIn != null) {
      translated.put("birthArtifactID", bornIn);
    } else if (translated.get("birthArtifactID") instanceof String ours) {
      translated.put("birthArtifactID", theirs(ours));
    }
    if (translated.get("ref") instanceof String ref && ref.startsWith(REFERENCE)) {
      translated.put("ref", translated(ref));
    }
    return translated;
  }

  /** A reference names an artifact by the hexadecimal digits of its id. */
  private String translated(String ref) throws IOException {
    int slash = ref.indexOf('/', REFERENCE.length());
    String hex = ref.substring(REFERENCE.length(), slash < 0 ? ref.length() : slash);
    try {
      String ours = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
      return REFERENCE
          + HexFormat.of().formatHex(Base64.getDecoder().decode(theirs(ours)))
          + (slash < 0 ? "" : ref.substring(slash));
    } catch (IllegalArgumentException another) {
      return ref;
    }
  }

  private static String md5(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("MD5").digest(bytes);
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }
}
