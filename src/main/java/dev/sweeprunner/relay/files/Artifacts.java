package dev.sweeprunner.relay.files;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.relay.files.Addresses.Target;
import dev.sweeprunner.run.TrackedArtifact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers what clients ask of artifacts, from what the run itself has stored. Whatever is asked of
 * other artifacts is refused in words. Any thread.
 */
final class Artifacts {
  private static final long MOST_MANIFEST = 64 << 20;

  private static final Set<String> READS =
      Set.of(
          "ArtifactMembershipByName",
          "ArtifactByName",
          "UseArtifact",
          "ArtifactFileURLs",
          "ArtifactMembershipFileURLs",
          "GetArtifactMembershipFileUrls",
          "ArtifactManifest",
          "RunInputArtifacts",
          "RunOutputArtifacts");

  private static final Set<String> CHANGES =
      Set.of(
          "UpdateArtifact",
          "AddAliases",
          "DeleteAliases",
          "DeleteArtifact",
          "UnlinkArtifact",
          "UpdateArtifactManifest");

  private final Shelf shelf;
  private final Addresses addresses;
  private final Bounds bounds;
  private final Said said;

  Artifacts(FileSystem disk, List<Path> folders, Addresses addresses, Bounds bounds, Said said) {
    this.shelf = new Shelf(disk, folders, said);
    this.addresses = addresses;
    this.bounds = bounds;
    this.said = said;
  }

  synchronized Optional<Map<String, @Nullable Object>> answer(
      String operation, Map<String, @Nullable Object> variables) throws IOException {
    Map<String, @Nullable Object> input = members(variables.getOrDefault("input", variables));
    if (READS.contains(operation)) {
      throw refused(
          "Artifacts of W&B cannot be read through the relay ("
              + operation
              + "); a program that uses them needs W&B directly: --relay off");
    }
    if (CHANGES.contains(operation)) {
      throw refused(
          "An artifact that was logged through the relay cannot be changed ("
              + operation
              + "); give it its aliases and metadata before it is logged");
    }
    return Optional.ofNullable(
        switch (operation) {
          case "ArtifactType" -> one("project", null);
          case "CreateArtifact" -> create(input);
          case "CreateArtifactManifest" -> manifest(input);
          case "CreateArtifactFiles" -> files(input);
          case "CommitArtifact" -> commit(input);
          case "ArtifactByID" -> byId(variables);
          case "FetchArtifactManifest" -> read(variables);
          case "ClientIDMapping" -> mapping(variables);
          case "LinkArtifact" -> link(input);
          default -> null;
        });
  }

  private Map<String, @Nullable Object> create(Map<String, @Nullable Object> input)
      throws IOException {
    TrackedArtifact asked = TrackedArtifact.first(shelf.all().size(), input);
    TrackedArtifact known = shelf.find(asked.number());
    TrackedArtifact latest = latest(asked.collection());
    TrackedArtifact now = known == null ? asked : known;
    if (known != null && !known.clientIds().contains(String.valueOf(input.get("clientID")))) {
      now = known.and(input);
    }
    keep(now);
    Map<String, @Nullable Object> artifact = new LinkedHashMap<>();
    artifact.put("id", now.id());
    artifact.put("digest", now.digest());
    artifact.put("state", state(now));
    artifact.put(
        "artifactSequence",
        one("latestArtifact", latest == null ? null : Map.of("id", latest.id())));
    return one("createArtifact", one("artifact", artifact));
  }

  private Map<String, @Nullable Object> manifest(Map<String, @Nullable Object> input)
      throws IOException {
    TrackedArtifact artifact = known(input.get("artifactID"));
    if (input.get("manifestType") instanceof String type && !type.equals("FULL")) {
      throw refused("Artifacts that are made in parts cannot go through the relay");
    }
    Path place = shelf.contents(artifact).resolve(TrackedArtifact.MANIFEST);
    Map<String, @Nullable Object> file = new LinkedHashMap<>();
    file.put("id", id("File", artifact));
    if (!Boolean.FALSE.equals(input.get("includeUpload"))) {
      Target target =
          new Target(
              place,
              "manifest of " + artifact.collection(),
              Math.min(MOST_MANIFEST, bounds.perFile()));
      file.put("uploadUrl", addresses.give(target));
      file.put("uploadHeaders", List.of());
    }
    return one(
        "createArtifactManifest",
        one("artifactManifest", Map.of("id", id("ArtifactManifest", artifact), "file", file)));
  }

  private Map<String, @Nullable Object> files(Map<String, @Nullable Object> input)
      throws IOException {
    List<Object> edges = new ArrayList<>();
    Map<Long, Map<String, String>> entries = new LinkedHashMap<>();
    if (input.get("artifactFiles") instanceof List<?> specs) {
      for (Object spec : specs) {
        edges.add(edge(members(spec), entries));
      }
    }
    for (Map.Entry<Long, Map<String, String>> more : entries.entrySet()) {
      TrackedArtifact artifact = shelf.find(more.getKey());
      if (artifact != null) {
        keep(artifact.with(more.getValue()));
      }
    }
    return one("createArtifactFiles", one("files", one("edges", edges)));
  }

  private Object edge(Map<String, @Nullable Object> spec, Map<Long, Map<String, String>> entries)
      throws IOException {
    TrackedArtifact artifact = known(spec.get("artifactID"));
    String name = String.valueOf(spec.get("name"));
    entries
        .computeIfAbsent(artifact.number(), number -> new LinkedHashMap<>())
        .put(name, spec.get("md5") instanceof String md5 ? md5 : "");
    Path place = shelf.contents(artifact).resolve(TrackedArtifact.contentName(name));
    Map<String, @Nullable Object> node = new LinkedHashMap<>();
    node.put("storagePath", null);
    node.put("uploadUrl", addresses.give(new Target(place, name, bounds.perFile())));
    node.put("uploadHeaders", List.of());
    node.put("uploadMultipartUrls", null);
    node.put("artifact", Map.of("id", artifact.id()));
    return one("node", node);
  }

  private Map<String, @Nullable Object> commit(Map<String, @Nullable Object> input)
      throws IOException {
    TrackedArtifact artifact = known(input.get("artifactID"));
    if (!artifact.committed()) {
      wantWhole(artifact);
      artifact = artifact.committedAs(shelf.versions(artifact.collection()));
      keep(artifact);
    }
    return one(
        "commitArtifact",
        one("artifact", Map.of("id", artifact.id(), "digest", artifact.digest())));
  }

  private void wantWhole(TrackedArtifact artifact) throws IOException {
    Path folder = shelf.contents(artifact);
    boolean whole = Files.exists(folder.resolve(TrackedArtifact.MANIFEST));
    for (String name : artifact.files().keySet()) {
      whole &= Files.exists(folder.resolve(TrackedArtifact.contentName(name)));
    }
    if (!whole) {
      throw refused("The artifact " + artifact.collection() + " is not whole and was not kept");
    }
  }

  /** For a client that refers to an entry of what it has logged. */
  private Map<String, @Nullable Object> read(Map<String, @Nullable Object> variables)
      throws IOException {
    TrackedArtifact artifact = known(variables.get("id"));
    Path place = shelf.whole(artifact).resolve(TrackedArtifact.MANIFEST);
    Target target = new Target(place, "manifest of " + artifact.collection(), Target.NOTHING);
    return one(
        "artifact",
        one("currentManifest", one("file", Map.of("directUrl", addresses.give(target)))));
  }

  private Map<String, @Nullable Object> mapping(Map<String, @Nullable Object> variables)
      throws IOException {
    String client = String.valueOf(variables.get("clientID"));
    for (TrackedArtifact artifact : shelf.all().values()) {
      if (artifact.clientIds().contains(client)) {
        return one("clientIDMapping", Map.of("serverID", artifact.id()));
      }
    }
    return one("clientIDMapping", null);
  }

  private Map<String, @Nullable Object> link(Map<String, @Nullable Object> input)
      throws IOException {
    TrackedArtifact artifact = linked(input);
    if (!artifact.links().contains(input)) {
      keep(artifact.linked(input));
    }
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    result.put("versionIndex", Math.max(0, artifact.version()));
    result.put(
        "artifactMembership",
        ArtifactView.linked(artifact, input, state(artifact), shelf.changed(artifact)));
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("linkArtifact", result);
    answer.put("result", result);
    return answer;
  }

  private TrackedArtifact linked(Map<String, @Nullable Object> input) throws IOException {
    String client = String.valueOf(input.getOrDefault("clientID", input.get("clientId")));
    for (TrackedArtifact artifact : shelf.all().values()) {
      if (artifact.clientIds().contains(client)) {
        return artifact;
      }
    }
    return known(input.getOrDefault("artifactID", input.get("artifactId")));
  }

  private Map<String, @Nullable Object> byId(Map<String, @Nullable Object> variables)
      throws IOException {
    TrackedArtifact artifact = known(variables.get("id"));
    return one("artifact", ArtifactView.of(artifact, state(artifact), shelf.changed(artifact)));
  }

  private @Nullable TrackedArtifact latest(String collection) throws IOException {
    TrackedArtifact latest = null;
    for (TrackedArtifact one : shelf.all().values()) {
      boolean newer = latest == null || one.version() > latest.version();
      if (one.committed() && one.collection().equals(collection) && newer) {
        latest = one;
      }
    }
    return latest;
  }

  private void keep(TrackedArtifact artifact) throws IOException {
    if (!shelf.put(artifact)) {
      throw refused("What this run says of its artifacts is more than the relay keeps");
    }
  }

  private TrackedArtifact known(@Nullable Object id) throws IOException {
    OptionalLong number = TrackedArtifact.numberOf(String.valueOf(id));
    TrackedArtifact known = number.isEmpty() ? null : shelf.find(number.getAsLong());
    if (known == null) {
      throw refused("This run has logged no artifact of the id " + Intake.shown("" + id));
    }
    return known;
  }

  private RelayRefusal refused(String sentence) {
    said.say(sentence);
    return new RelayRefusal(sentence);
  }

  private static String state(TrackedArtifact artifact) {
    return artifact.committed() ? "COMMITTED" : "PENDING";
  }

  private static String id(String kind, TrackedArtifact artifact) {
    byte[] plain = (kind + ":" + artifact.number()).getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(plain);
  }

  private static Map<String, @Nullable Object> one(String name, @Nullable Object value) {
    Map<String, @Nullable Object> one = new LinkedHashMap<>();
    one.put(name, value);
    return one;
  }

  private static Map<String, @Nullable Object> members(@Nullable Object value) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, member) -> members.put(String.valueOf(key), member));
    }
    return members;
  }
}
