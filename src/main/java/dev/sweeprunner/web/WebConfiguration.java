package dev.sweeprunner.web;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of the health endpoint, over the one {@link Vitals} bean that root exports. */
@Configuration(proxyBeanMethods = false)
public class WebConfiguration {
  @Bean
  WorkerHealthIndicator workerHealthIndicator(Vitals vitals) {
    return new WorkerHealthIndicator(vitals);
  }

  @Bean
  StorageHealthIndicator storageHealthIndicator(Vitals vitals) {
    return new StorageHealthIndicator(vitals.storage());
  }

  @Bean
  PortListener portListener(Vitals vitals) {
    return new PortListener(vitals.port());
  }
}
