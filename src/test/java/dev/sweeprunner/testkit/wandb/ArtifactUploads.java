package dev.sweeprunner.testkit.wandb;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code PUT} and {@code GET /upload/.artifacts/NUMBER/PATH}: the manifest, or {@code files/NAME}.
 */
final class ArtifactUploads implements Endpoint {
  static final String PLACE = "/upload/.artifacts/";
  static final String MANIFEST = "manifest";

  private static final String FILES = "files/";

  private final ArtifactBook book;
  private final Violations violations;

  ArtifactUploads(ArtifactBook book, Violations violations) {
    this.book = book;
    this.violations = violations;
  }

  static String url(String base, FakeArtifact artifact, String path) {
    String encoded =
        URLEncoder.encode(path, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
    return base + PLACE + artifact.number() + "/" + encoded;
  }

  @Override
  public Answer answer(Request request, @Nullable Fault fault) {
    String[] parts = request.path().substring(PLACE.length()).split("/", 2);
    List<FakeArtifact> all = book.all();
    int number = parts.length == 2 && parts[0].matches("\\d{1,9}") ? Integer.parseInt(parts[0]) : 0;
    if (number < 1 || number > all.size()) {
      return Answer.error(404, "not found");
    }
    FakeArtifact artifact = all.get(number - 1);
    return request.method().equals("GET")
        ? read(artifact, parts[1])
        : put(artifact, parts[1], request);
  }

  private static Answer read(FakeArtifact artifact, String path) {
    String manifest = artifact.manifest();
    byte[] bytes =
        path.startsWith(FILES)
            ? artifact.files().get(path.substring(FILES.length()))
            : manifest == null ? null : manifest.getBytes(StandardCharsets.UTF_8);
    return bytes == null
        ? Answer.error(404, "not found")
        : new Answer(200, "application/octet-stream", bytes, Map.of(), "");
  }

  private Answer put(FakeArtifact artifact, String path, Request request) {
    if (!request.header("Authorization").isEmpty()) {
      violations.add("an upload of " + artifact.collection() + " carries a key");
    }
    if (artifact.committed()) {
      violations.add("an upload to " + artifact.collection() + ", which was whole");
    }
    if (path.startsWith(FILES)) {
      artifact.stored(path.substring(FILES.length()), request.body());
    } else {
      artifact.manifest(request.body());
    }
    return Answer.ok(Map.of());
  }
}
