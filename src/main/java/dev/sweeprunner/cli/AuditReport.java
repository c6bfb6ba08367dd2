package dev.sweeprunner.cli;

import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.Inspection.Depth;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * What an audit found, for programs. The names of the fields are an API: they are only added to.
 *
 * @param runs that were looked at
 * @param rows that are safe, as their logs say
 * @param root where all of it lies
 */
record AuditReport(long runs, long rows, Depth depth, List<Finding> findings, LookedAt root) {
  /** One object; a finding per line. */
  void json(PrintStream out) {
    JsonFactory factory =
        JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeNumberProperty("runs", runs);
      json.writeNumberProperty("rows", rows);
      json.writeBooleanProperty("contents_read", depth == Depth.ALL);
      json.writeArrayPropertyStart("findings");
      for (Finding finding : findings) {
        json.writeRaw('\n');
        json.writeStartObject();
        json.writeStringProperty("kind", finding.kind().word());
        json.writeStringProperty("run_id", finding.runId());
        json.writeStringProperty("path", finding.path());
        json.writeStringProperty("fact", finding.fact());
        json.writeStringProperty("way_out", finding.wayOut());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeStringProperty("storage_root", root.path().toString());
      json.writeBooleanProperty("storage_root_exists", root.exists());
      json.writeEndObject();
    }
    out.println();
    out.flush();
  }

  /** A line of names, and a line per finding. */
  void csv(PrintStream out) {
    out.println("kind,run_id,path,fact,way_out");
    for (Finding finding : findings) {
      out.println(
          Stream.of(
                  finding.kind().word(),
                  finding.runId(),
                  finding.path(),
                  finding.fact(),
                  finding.wayOut())
              .map(AuditReport::quoted)
              .collect(Collectors.joining(",")));
    }
    out.flush();
  }

  private static String quoted(String cell) {
    return cell.matches("[^\",\\r\\n]*") ? cell : "\"" + cell.replace("\"", "\"\"") + "\"";
  }
}
