package dev.sweeprunner.testkit.wandb;

import graphql.schema.DataFetchingEnvironment;
import graphql.schema.idl.RuntimeWiring;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the schema has for artifacts. */
final class ArtifactFields {
  private final ArtifactBook book;
  private final RunBook runs;
  private final Accounts accounts;
  private final Violations violations;
  private final Nodes nodes;

  ArtifactFields(ArtifactBook book, RunBook runs, Accounts accounts, Violations violations) {
    this.book = book;
    this.runs = runs;
    this.accounts = accounts;
    this.violations = violations;
    this.nodes = new Nodes(runs);
  }

  void wire(RuntimeWiring.Builder wiring) {
    wiring.type(
        "Mutation",
        type ->
            type.dataFetcher("createArtifact", this::create)
                .dataFetcher("createArtifactManifest", this::manifest)
                .dataFetcher("createArtifactFiles", this::files)
                .dataFetcher("commitArtifact", this::commit)
                .dataFetcher("linkArtifact", this::link));
    wiring.type(
        "Query",
        type ->
            type.dataFetcher("artifact", q -> node(q, known(q.getArgument("id"))))
                .dataFetcher("clientIDMapping", this::mapping));
    wiring.type(
        "ArtifactCollection",
        type -> type.typeResolver(e -> e.getSchema().getObjectType("ArtifactSequence")));
  }

  private Object create(DataFetchingEnvironment q) {
    Map<String, @Nullable Object> input = input(q);
    String entity = String.valueOf(input.get("entityName"));
    if (!accounts.mayUse(Caller.of(q).key(), entity)) {
      throw new Refusal(403, "permission denied");
    }
    String project = String.valueOf(input.get("projectName"));
    if (input.get("runName") instanceof String run
        && runs.find(new RunAddress(entity, project, run)) == null) {
      throw new Refusal(404, "run " + run + " not found during createArtifact");
    }
    return Map.of("artifact", node(q, book.create(input)));
  }

  private Object manifest(DataFetchingEnvironment q) {
    Map<String, @Nullable Object> input = input(q);
    FakeArtifact artifact = known(input.get("artifactID"));
    if (input.get("baseArtifactID") != null) {
      known(input.get("baseArtifactID"));
    }
    artifact.manifestOf(String.valueOf(input.get("digest")));
    return Map.of(
        "artifactManifest",
        Map.of("id", manifestId(artifact), "file", file(q, artifact, ArtifactUploads.MANIFEST)));
  }

  private Object files(DataFetchingEnvironment q) {
    List<Object> files = new ArrayList<>();
    if (input(q).get("artifactFiles") instanceof List<?> specs) {
      for (Object each : specs) {
        Map<String, @Nullable Object> spec = Json.members(each);
        FakeArtifact artifact = known(spec.get("artifactID"));
        if (spec.get("artifactManifestID") instanceof String id
            && !id.equals(manifestId(artifact))) {
          violations.add("a file of " + artifact.collection() + " for another manifest");
        }
        String name = String.valueOf(spec.get("name"));
        artifact.wants(name, String.valueOf(spec.get("md5")));
        files.add(file(q, artifact, "files/" + name));
      }
    }
    return Map.of("files", Nodes.whole(files));
  }

  private Object commit(DataFetchingEnvironment q) {
    FakeArtifact artifact = known(input(q).get("artifactID"));
    List<String> faults = artifact.faults(book);
    if (!faults.isEmpty()) {
      violations.add("the artifact " + artifact.collection() + " has " + faults);
      throw new Refusal(400, "the artifact is not whole: " + faults);
    }
    book.commit(artifact);
    return Map.of("artifact", node(q, artifact));
  }

  private Object link(DataFetchingEnvironment q) {
    Map<String, @Nullable Object> input = input(q);
    FakeArtifact artifact =
        input.get("clientID") instanceof String client
            ? book.byClientId(client)
            : known(input.get("artifactID"));
    if (artifact == null) {
      throw new Refusal(404, "no artifact of that client's name");
    }
    artifact.linked(
        String.join(
            "/",
            List.of(
                String.valueOf(input.get("entityName")),
                String.valueOf(input.get("projectName")),
                String.valueOf(input.get("artifactPortfolioName")))));
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("versionIndex", artifact.version());
    answer.put("artifactMembership", null);
    return answer;
  }

  private @Nullable Object mapping(DataFetchingEnvironment q) {
    FakeArtifact artifact = book.byClientId(String.valueOf((Object) q.getArgument("clientID")));
    return artifact == null ? null : Map.of("serverID", artifact.id());
  }

  private FakeArtifact known(@Nullable Object id) {
    FakeArtifact artifact = book.find(String.valueOf(id));
    if (artifact == null) {
      throw new Refusal(404, "artifact " + id + " not found");
    }
    return artifact;
  }

  private Map<String, @Nullable Object> node(DataFetchingEnvironment q, FakeArtifact artifact) {
    Map<String, @Nullable Object> sequence = sequence(artifact);
    FakeArtifact latest = book.latest(artifact);
    sequence.put("latestArtifact", latest == null ? null : Map.of("id", latest.id()));
    Map<String, @Nullable Object> node = new LinkedHashMap<>(artifact.input());
    node.put("id", artifact.id());
    node.put("state", artifact.committed() ? "COMMITTED" : "PENDING");
    node.put("artifactSequence", sequence);
    node.put("artifactType", Map.of("id", artifact.type(), "name", artifact.type()));
    node.put("versionIndex", artifact.committed() ? artifact.version() : null);
    node.putIfAbsent("ttlDurationSeconds", -1);
    node.put("ttlIsInherited", artifact.input().get("ttlDurationSeconds") == null);
    node.put("tags", List.of());
    node.put("size", artifact.files().values().stream().mapToLong(bytes -> bytes.length).sum());
    node.put("fileCount", artifact.files().size());
    node.put("createdAt", Times.text(runs.now()));
    node.put("aliases", artifact.aliases().stream().map(name -> alias(artifact, name)).toList());
    node.put(
        "currentManifest",
        Map.of("id", manifestId(artifact), "file", file(q, artifact, ArtifactUploads.MANIFEST)));
    return node;
  }

  private Object alias(FakeArtifact artifact, String name) {
    return Map.of(
        "id",
        RunAddress.globalId("ArtifactAlias", artifact.number() + ":" + name),
        "alias",
        name,
        "artifactCollection",
        sequence(artifact));
  }

  private Map<String, @Nullable Object> sequence(FakeArtifact artifact) {
    Map<String, @Nullable Object> sequence = new LinkedHashMap<>();
    sequence.put("name", artifact.collection());
    sequence.put(
        "project",
        nodes.project(
            String.valueOf(artifact.input().get("entityName")),
            String.valueOf(artifact.input().get("projectName"))));
    return sequence;
  }

  private static Map<String, @Nullable Object> file(
      DataFetchingEnvironment q, FakeArtifact artifact, String path) {
    String url = ArtifactUploads.url(Caller.of(q).baseUrl(), artifact, path);
    Map<String, @Nullable Object> file = new LinkedHashMap<>();
    file.put("id", RunAddress.globalId("File", artifact.number() + ":" + path));
    file.put("name", path);
    file.put("uploadUrl", url);
    file.put("uploadHeaders", List.of());
    file.put("uploadMultipartUrls", null);
    file.put("storagePath", null);
    file.put("artifact", Map.of("id", artifact.id()));
    file.put("directUrl", url);
    file.put("sizeBytes", 0);
    return file;
  }

  private static String manifestId(FakeArtifact artifact) {
    return RunAddress.globalId("ArtifactManifest", Integer.toString(artifact.number()));
  }

  private static Map<String, @Nullable Object> input(DataFetchingEnvironment q) {
    return Json.members(q.getArgument("input"));
  }
}
