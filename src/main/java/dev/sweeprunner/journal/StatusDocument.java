package dev.sweeprunner.journal;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.OwnerForm;
import dev.sweeprunner.run.WorkerReport.Status;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The worker file's JSON, version 1. Unknown members are ignored. */
final class StatusDocument {
  private static final int VERSION = 1;

  private StatusDocument() {}

  static byte[] encode(Status status) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("v", VERSION);
    document.put("owner", OwnerForm.REPORT.members(status.owner()));
    document.put("port", status.port());
    document.put("sweep", status.sweep());
    document.put("activity", status.activity());
    document.put("run_id", status.runId());
    document.put("message", status.message());
    document.put("tokens_per_second", status.tokensPerSecond());
    document.put("claims", status.claims());
    document.put("publishes", status.publishes());
    document.put("requeues", status.requeues());
    document.put("findings", status.findings().stream().map(StatusDocument::members).toList());
    document.put("written", status.written());
    document.put("since", status.since());
    return Json.document(document);
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws UnreadableJson also for another version
   */
  static Status decode(byte[] content) throws UnreadableJson {
    var document = Fields.of(content);
    if (document.number("v") != VERSION) {
      throw new UnreadableJson("version " + document.number("v"));
    }
    var rate = document.decimalOrNull("tokens_per_second");
    return new Status(
        OwnerForm.REPORT.owner(document.object("owner")),
        document.integer("port"),
        document.textOr("sweep", ""),
        document.text("activity"),
        document.textOrNull("run_id"),
        document.textOr("message", ""),
        rate == null ? 0 : rate,
        count(document, "claims"),
        count(document, "publishes"),
        count(document, "requeues"),
        findings(document.objects("findings")),
        moment(document.text("written")),
        since(document));
  }

  /** Absent in the file of an earlier version of the program. */
  private static int count(Fields in, String name) {
    Double number = in.decimalOrNull(name);
    return number == null ? 0 : number.intValue();
  }

  private static Map<String, Object> members(Claims.Finding finding) {
    var members = new LinkedHashMap<String, Object>();
    members.put("project", finding.project());
    members.put("run_id", finding.runId());
    members.put("slot", finding.slot());
    members.put("beat", finding.beat());
    return members;
  }

  private static List<Claims.Finding> findings(List<Fields> objects) throws UnreadableJson {
    var findings = new ArrayList<Claims.Finding>();
    for (var in : objects) {
      findings.add(
          new Claims.Finding(
              in.text("project"), in.text("run_id"), in.integer("slot"), in.text("beat")));
    }
    return List.copyOf(findings);
  }

  /** Absent in the file of an earlier version of the program. */
  private static @Nullable Instant since(Fields in) throws UnreadableJson {
    String text = in.textOrNull("since");
    return text == null ? null : moment(text);
  }

  private static Instant moment(String text) throws UnreadableJson {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new UnreadableJson("bad moment");
    }
  }
}
