package dev.sweeprunner.testkit.relay;

import dev.sweeprunner.json.Json;
import dev.sweeprunner.relay.files.ProgramFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives files and artifacts to a relay's store in the order of questions in which the official
 * client 0.30.0 does.
 */
public final class StoringProgram {
  /** Before the path of each upload. */
  public static final String ADDRESS = "http://127.0.0.1:9/up";

  private final ProgramFiles store;
  private final String run;

  /** A program of this run, which it believes to be of entity E, project P. */
  public StoringProgram(ProgramFiles store, String run) {
    this.store = store;
    this.run = run;
  }

  /** {@code wandb.save}; whether it was taken. */
  public boolean save(String name, String content) throws IOException {
    Map<String, @Nullable Object> answer =
        ask("CreateRunFiles", Map.of("entity", "E", "run", run, "files", List.of(name)));
    List<?> files = (List<?>) at(answer, "createRunFiles", "files");
    return !files.isEmpty() && put(at(files.get(0), "uploadUrl"), content);
  }

  /**
   * {@code log_artifact}; the id that the store gives it.
   *
   * @param client what the program calls it itself
   * @param entries names to contents; what begins with {@code wandb-client-artifact:} is a
   *     reference
   */
  public String log(
      String collection, String client, Map<String, String> entries, String... aliases)
      throws IOException {
    Map<String, Object> created =
        members(
            at(
                ask("CreateArtifact", Map.of("input", input(collection, client, entries, aliases))),
                "createArtifact",
                "artifact"));
    String id = String.valueOf(created.get("id"));
    if (!"COMMITTED".equals(created.get("state"))) {
      fill(id, collection, entries);
    }
    return id;
  }

  /** {@code link_artifact}. */
  public void link(String id, String collection) throws IOException {
    ask(
        "LinkArtifact",
        Map.of(
            "input",
            Map.of(
                "artifactID",
                id,
                "artifactPortfolioName",
                collection,
                "entityName",
                "E",
                "projectName",
                "P",
                "aliases",
                List.of())));
  }

  private void fill(String id, String collection, Map<String, String> entries) throws IOException {
    Object manifestId =
        at(manifest(id, "", false), "createArtifactManifest", "artifactManifest", "id");
    List<Map<String, Object>> specs = new ArrayList<>();
    List<String> contents = new ArrayList<>();
    entries.forEach(
        (name, content) -> {
          if (!content.startsWith("wandb-client-artifact:")) {
            specs.add(
                Map.of(
                    "artifactID",
                    id,
                    "artifactManifestID",
                    String.valueOf(manifestId),
                    "name",
                    name,
                    "md5",
                    md5(content)));
            contents.add(content);
          }
        });
    Map<String, Object> input = Map.of("artifactFiles", specs, "storageLayout", "V2");
    List<?> edges =
        (List<?>)
            at(
                ask("CreateArtifactFiles", Map.of("input", input)),
                "createArtifactFiles",
                "files",
                "edges");
    for (int i = 0; i < edges.size(); i++) {
      put(at(edges.get(i), "node", "uploadUrl"), contents.get(i));
    }
    String text = text(id, entries);
    put(
        at(
            manifest(id, md5(text), true),
            "createArtifactManifest",
            "artifactManifest",
            "file",
            "uploadUrl"),
        text);
    ask("CommitArtifact", Map.of("artifactID", id));
  }

  private String text(String id, Map<String, String> entries) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : new TreeMap<>(entries).entrySet()) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("digest", md5(entry.getValue()));
      line.put("size", entry.getValue().length());
      if (entry.getValue().startsWith("wandb-client-artifact:")) {
        line.put("ref", resolved(entry.getValue()));
      } else {
        line.put("birthArtifactID", id);
      }
      all.put(entry.getKey(), line);
    }
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("version", 1);
    manifest.put("storagePolicy", "wandb-storage-policy-v1");
    manifest.put("contents", all);
    return new String(Json.bytes(manifest), StandardCharsets.UTF_8);
  }

  private String resolved(String ref) throws IOException {
    String[] parts = ref.substring("wandb-client-artifact://".length()).split("/", 2);
    Object id =
        at(ask("ClientIDMapping", Map.of("clientID", parts[0])), "clientIDMapping", "serverID");
    byte[] bytes = Base64.getDecoder().decode(String.valueOf(id));
    return "wandb-artifact://" + HexFormat.of().formatHex(bytes) + "/" + parts[1];
  }

  private Map<String, @Nullable Object> manifest(String id, String digest, boolean upload)
      throws IOException {
    return ask(
        "CreateArtifactManifest",
        Map.of(
            "artifactID",
            id,
            "name",
            "wandb_manifest.json",
            "digest",
            digest,
            "entityName",
            "E",
            "projectName",
            "P",
            "runName",
            run,
            "manifestType",
            "FULL",
            "includeUpload",
            upload));
  }

  private Map<String, @Nullable Object> input(
      String collection, String client, Map<String, String> entries, String... aliases) {
    List<Map<String, String>> named = new ArrayList<>();
    for (String alias : aliases) {
      named.add(Map.of("artifactCollectionName", collection, "alias", alias));
    }
    Map<String, @Nullable Object> input = new LinkedHashMap<>();
    input.put("entityName", "E");
    input.put("projectName", "P");
    input.put("runName", run);
    input.put("artifactTypeName", "model");
    input.put("artifactCollectionName", collection);
    input.put("artifactCollectionNames", null);
    input.put("digest", md5(new TreeMap<>(entries).toString()));
    input.put("digestAlgorithm", "MANIFEST_MD5");
    input.put("enableDigestDeduplication", true);
    input.put("metadata", "{\"k\":1.50}");
    input.put("description", null);
    input.put("aliases", named);
    input.put("clientID", client);
    input.put("sequenceClientID", "seq-" + client);
    input.put("historyStep", 3L);
    return input;
  }

  private Map<String, @Nullable Object> ask(String operation, Map<String, ?> variables)
      throws IOException {
    return store.answer(operation, new LinkedHashMap<>(variables)).orElseThrow();
  }

  private boolean put(Object url, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    String path = String.valueOf(url).substring(ADDRESS.length());
    return store.put(path, new ByteArrayInputStream(bytes), bytes.length);
  }

  /** What lies below these members. */
  public static Object at(@Nullable Object from, String... names) {
    Object at = Objects.requireNonNull(from);
    for (String name : names) {
      at = Objects.requireNonNull(members(at).get(name), name);
    }
    return at;
  }

  private static Map<String, Object> members(Object value) {
    Map<String, Object> members = new LinkedHashMap<>();
    ((Map<?, ?>) value)
        .forEach(
            (name, member) -> {
              if (member != null) {
                members.put(String.valueOf(name), member);
              }
            });
    return members;
  }

  /** MD5 in base 64. */
  public static String md5(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
