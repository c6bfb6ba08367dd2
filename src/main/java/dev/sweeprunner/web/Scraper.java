package dev.sweeprunner.web;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** Metrics as Prometheus's text. Belongs to one thread at a time. */
final class Scraper {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Instruments instruments;

  /** Registers them. */
  Scraper(WorkerMetrics metrics) {
    this.instruments = metrics.in(registry);
  }

  /** The values of now. */
  String scrape() {
    instruments.refresh();
    return registry.scrape();
  }
}
