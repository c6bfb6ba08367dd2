package dev.sweeprunner.web;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.util.MimeType;

/**
 * {@code /actuator/prometheus}: the {@link WorkerMetrics} in Prometheus's text format. The registry
 * is made when somebody asks for the first time: a worker that nobody monitors pays nothing.
 */
@WebEndpoint(id = "prometheus")
final class PrometheusEndpoint {
  private static final String FORMAT = "text/plain;version=0.0.4;charset=utf-8";

  private final WorkerMetrics metrics;
  private @Nullable Scraper scraper;

  PrometheusEndpoint(WorkerMetrics metrics) {
    this.metrics = metrics;
  }

  @ReadOperation(produces = FORMAT)
  synchronized WebEndpointResponse<String> scrape() {
    Scraper made = scraper == null ? new Scraper(metrics) : scraper;
    scraper = made;
    return new WebEndpointResponse<>(made.scrape(), MimeType.valueOf(FORMAT));
  }
}
