package dev.sweeprunner.wandb.api;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.wandb.api.Documents.Document;
import dev.sweeprunner.wandb.api.GraphQl.Question;
import dev.sweeprunner.wandb.api.GraphQl.Reader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * W&amp;B's artifacts, one method per question, as those of {@link WandbClient}. An artifact is
 * created, gets a manifest, a place for each of its files, the files, the manifest's content, and
 * is whole once it is committed. Any of it may be done again; what is whole is found by its digest.
 */
public final class RemoteArtifacts {
  private static final String MANIFEST = "wandb_manifest.json";
  private static final String ARTIFACT = "artifactID";

  private final GraphQl graphQl;
  private final Uploads uploads;

  RemoteArtifacts(GraphQl graphQl, Uploads uploads) {
    this.graphQl = graphQl;
    this.uploads = uploads;
  }

  /**
   * Creates an artifact, or finds the one of its collection that has its digest.
   *
   * @param input members of the schema's {@code CreateArtifactInput}
   */
  public Created create(Map<String, ?> input) throws WandbFailure {
    return ask(
        Documents.CREATE_ARTIFACT,
        Map.of("input", input),
        "a place for the artifact " + input.get("artifactCollectionName"),
        reply -> {
          Fields artifact = reply.data().object("createArtifact").object("artifact");
          Fields sequence = artifact.objectOrNull("artifactSequence");
          Fields latest = sequence == null ? null : sequence.objectOrNull("latestArtifact");
          return new Created(
              artifact.text("id"),
              artifact.text("state").equals("COMMITTED"),
              latest == null ? null : latest.text("id"));
        });
  }

  /** Begins an artifact's manifest; its id. */
  public String manifest(Created artifact, RunPath run) throws WandbFailure {
    return ask(
        Documents.ARTIFACT_MANIFEST,
        manifest(artifact, run, "", false),
        "a manifest",
        reply ->
            reply.data().object("createArtifactManifest").object("artifactManifest").text("id"));
  }

  /**
   * Where an artifact's files go, in the order of the names.
   *
   * @param md5 of each, in base 64
   */
  public List<Place> places(Created artifact, String manifestId, Map<String, String> md5)
      throws WandbFailure {
    List<Map<String, String>> specs = new ArrayList<>();
    md5.forEach(
        (name, hash) ->
            specs.add(
                Map.of(
                    ARTIFACT,
                    artifact.id(),
                    "artifactManifestID",
                    manifestId,
                    "name",
                    name,
                    "md5",
                    hash)));
    Map<String, Object> input = Map.of("artifactFiles", specs, "storageLayout", "V2");
    return ask(
        Documents.ARTIFACT_FILES,
        Map.of("input", input),
        "places for files of an artifact",
        reply -> {
          List<Fields> edges =
              reply.data().object("createArtifactFiles").object("files").objects("edges");
          if (edges.size() != specs.size()) {
            throw new UnreadableJson(edges.size() + " places for " + specs.size() + " files");
          }
          List<Place> places = new ArrayList<>();
          for (Fields edge : edges) {
            places.add(place(edge.object("node")));
          }
          return places;
        });
  }

  /** Puts one file; nothing is sent where the server has it already. */
  public void put(String name, Place place, Path file) throws WandbFailure {
    put(name, place, () -> HttpRequest.BodyPublishers.ofFile(file));
  }

  /** As above, of bytes. */
  public void put(String name, Place place, byte[] content) throws WandbFailure {
    put(name, place, () -> HttpRequest.BodyPublishers.ofByteArray(content));
  }

  private void put(String name, Place place, Transport.Body content) throws WandbFailure {
    URI address = place.address();
    if (address != null) {
      uploads.put(name, address, place.headers(), content);
    }
  }

  /**
   * Puts an artifact's manifest.
   *
   * @param md5 of it, in base 64
   */
  public void putManifest(Created artifact, RunPath run, byte[] content, String md5)
      throws WandbFailure {
    Place place =
        ask(
            Documents.ARTIFACT_MANIFEST,
            manifest(artifact, run, md5, true),
            "a place for a manifest",
            reply ->
                address(
                    reply
                        .data()
                        .object("createArtifactManifest")
                        .object("artifactManifest")
                        .object("file"),
                    artifact.id()));
    put(MANIFEST, place, content);
  }

  /** Says that an artifact is whole. */
  public void commit(Created artifact) throws WandbFailure {
    ask(
        Documents.COMMIT_ARTIFACT,
        Map.of(ARTIFACT, artifact.id()),
        "the end of an artifact",
        reply -> reply.data().object("commitArtifact"));
  }

  /**
   * Shows an artifact in another collection too.
   *
   * @param input members of the schema's {@code LinkArtifactInput}
   */
  public void link(Map<String, ?> input) throws WandbFailure {
    ask(
        Documents.LINK_ARTIFACT,
        Map.of("input", input),
        "a link to " + input.get("artifactPortfolioName"),
        reply -> reply.data().members());
  }

  private static Map<String, Object> manifest(
      Created artifact, RunPath run, String digest, boolean includeUpload) {
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put(ARTIFACT, artifact.id());
    String base = artifact.latest();
    if (base != null) {
      variables.put("baseArtifactID", base);
    }
    variables.put("name", MANIFEST);
    variables.put("digest", digest);
    variables.put("entityName", run.entity());
    variables.put("projectName", run.project());
    variables.put("runName", run.runId());
    variables.put("manifestType", "FULL");
    variables.put("includeUpload", includeUpload);
    return variables;
  }

  private Place place(Fields node) throws UnreadableJson {
    return address(node, node.object("artifact").text("id"));
  }

  private Place address(Fields file, String artifactId) throws UnreadableJson {
    String told = file.textOrNull("uploadUrl");
    URI address = told == null ? null : uploads.address(told);
    return new Place(address, Uploads.headers(file.texts("uploadHeaders")), artifactId);
  }

  private <T> T ask(Document document, Map<String, Object> variables, String what, Reader<T> reader)
      throws WandbFailure {
    return graphQl.ask(Question.of(document, variables, what), reader);
  }

  /**
   * An artifact on the server.
   *
   * @param id the server's
   * @param whole whether it is committed: nothing more is wanted
   * @param latest id of the newest that is whole in its collection, or null
   */
  public record Created(String id, boolean whole, @Nullable String latest) {}

  /**
   * Where a file goes.
   *
   * @param address null where the server has such a file
   * @param headers to be sent along
   * @param artifactId of the artifact that has it
   */
  public record Place(@Nullable URI address, Map<String, String> headers, String artifactId) {}
}
