package dev.sweeprunner.testkit.wandb;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code PUT} and {@code GET /upload/ENTITY/PROJECT/RUN/FILE}: whole files, without a key. */
final class UploadHandler implements Endpoint {
  private final RunBook book;
  private final Violations violations;

  UploadHandler(RunBook book, Violations violations) {
    this.book = book;
    this.violations = violations;
  }

  static String url(String base, RunAddress run, String file) {
    return base
        + "/upload/"
        + String.join("/", run.entity(), run.project(), run.name())
        + "/"
        + URLEncoder.encode(file, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
  }

  @Override
  public Answer answer(Request request, @Nullable Fault fault) {
    String[] parts = request.path().split("/", 6);
    FakeRun run = parts.length < 6 ? null : book.find(new RunAddress(parts[2], parts[3], parts[4]));
    if (run == null) {
      return Answer.error(404, "not found");
    }
    if (request.method().equals("GET")) {
      byte[] file = run.file(parts[5]);
      return file == null
          ? Answer.error(404, "not found")
          : new Answer(200, "application/octet-stream", file, Map.of(), "");
    }
    if (!request.header("Authorization").isEmpty()) {
      violations.add("an upload of " + parts[5] + " carries a key");
    }
    run.stored(parts[5], request.body());
    return Answer.ok(Map.of());
  }
}
