package dev.sweeprunner.web;

import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.WorkerReport;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * {@code /actuator/info}: who works here, with what, on what. Boot's own endpoint of that name
 * would add to each start what it brings along.
 */
@WebEndpoint(id = "info")
final class WorkerInfo {
  private final Vitals vitals;

  WorkerInfo(Vitals vitals) {
    this.vitals = vitals;
  }

  @ReadOperation
  Map<String, Object> info() {
    WorkerReport.Status status = vitals.worker().get();
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("version", vitals.origin().version());
    String commit = vitals.origin().commit().get();
    if (commit != null) {
      info.put("commit", commit);
    }
    info.put("sweep", status.sweep());
    info.put("worker", worker(status.owner()));
    return info;
  }

  private static Map<String, Object> worker(Owner owner) {
    Map<String, Object> worker = new LinkedHashMap<>();
    worker.put("name", owner.worker());
    worker.put("cluster", owner.cluster());
    worker.put("host", owner.host());
    worker.put("pid", owner.pid());
    worker.put("device", owner.device());
    return worker;
  }
}
