package dev.sweeprunner.web;

import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.WorkerReport;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** Who works here, with what, on what. */
final class WorkerInfo implements InfoContributor {
  private final Vitals vitals;

  WorkerInfo(Vitals vitals) {
    this.vitals = vitals;
  }

  @Override
  public void contribute(Info.Builder info) {
    WorkerReport.Status status = vitals.worker().get();
    Owner owner = status.owner();
    Map<String, Object> worker = new LinkedHashMap<>();
    worker.put("name", owner.worker());
    worker.put("cluster", owner.cluster());
    worker.put("host", owner.host());
    worker.put("pid", owner.pid());
    worker.put("device", owner.device());
    info.withDetail("version", vitals.origin().version());
    String commit = vitals.origin().commit().get();
    if (commit != null) {
      info.withDetail("commit", commit);
    }
    info.withDetail("sweep", status.sweep()).withDetail("worker", worker);
  }
}
