package dev.sweeprunner.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.time.Duration;
import org.apache.catalina.core.StandardContext;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.actuate.web.ServletManagementContextAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.actuate.endpoint.web.WebMvcHealthEndpointExtensionAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of the endpoints, over the one {@link Vitals} bean that root exports. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({
  TomcatServletWebServerAutoConfiguration.class,
  DispatcherServletAutoConfiguration.class,
  WebMvcAutoConfiguration.class,
  ErrorMvcAutoConfiguration.class,
  HttpMessageConvertersAutoConfiguration.class,
  JacksonAutoConfiguration.class,
  EndpointAutoConfiguration.class,
  JacksonEndpointAutoConfiguration.class,
  WebEndpointAutoConfiguration.class,
  ManagementContextAutoConfiguration.class,
  ServletManagementContextAutoConfiguration.class,
  ApplicationAvailabilityAutoConfiguration.class,
  AvailabilityHealthContributorAutoConfiguration.class,
  AvailabilityProbesAutoConfiguration.class,
  HealthContributorRegistryAutoConfiguration.class,
  HealthEndpointAutoConfiguration.class,
  WebMvcHealthEndpointExtensionAutoConfiguration.class
})
public class WebConfiguration {
  /** Less than whoever asks waits for an answer: Prometheus does for 10 s. */
  private static final Duration STORAGE_PATIENCE = Duration.ofSeconds(5);

  @Bean
  WorkerHealthIndicator workerHealthIndicator(Vitals vitals) {
    return new WorkerHealthIndicator(vitals, new Progress(vitals));
  }

  @Bean
  TrainingHealthIndicator trainingHealthIndicator(Vitals vitals) {
    return new TrainingHealthIndicator(vitals, new Progress(vitals));
  }

  @Bean
  ClaimHealthIndicator claimHealthIndicator(Vitals vitals) {
    return new ClaimHealthIndicator(vitals);
  }

  @Bean
  StorageProbe storageProbe(Vitals vitals) {
    return new StorageProbe(vitals.storage(), vitals.clock(), STORAGE_PATIENCE);
  }

  @Bean
  StorageHealthIndicator storageHealthIndicator(StorageProbe probe) {
    return new StorageHealthIndicator(probe);
  }

  @Bean
  WandbHealthIndicator wandbHealthIndicator(Vitals vitals) {
    return new WandbHealthIndicator(vitals.wandb().delivery());
  }

  @Bean
  RelayHealthIndicator relayHealthIndicator(Vitals vitals) {
    return new RelayHealthIndicator(vitals.relay());
  }

  @Bean
  WorkerInfo workerInfo(Vitals vitals) {
    return new WorkerInfo(vitals);
  }

  @Bean
  PrometheusEndpoint prometheusEndpoint(Vitals vitals, StorageProbe probe) {
    return new PrometheusEndpoint(new WorkerMetrics(vitals, probe));
  }

  /**
   * All folders of the server are one that is there: it would make two in the temporary folder,
   * which a killed worker leaves behind and a full disk refuses.
   */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> folders(Vitals vitals) {
    File folder = vitals.folder().toFile();
    return factory -> {
      factory.setBaseDirectory(folder);
      factory.setDocumentRoot(folder);
      factory.addContextCustomizers(
          context -> ((StandardContext) context).setWorkDir(folder.getPath()));
    };
  }

  /**
   * The server itself goes to the address of its errors; whoever asks for it finds as little as at
   * any other.
   */
  @Bean
  FilterRegistrationBean<Filter> errorsAreNotServed() {
    FilterRegistrationBean<Filter> asked =
        new FilterRegistrationBean<>(
            (request, answer, rest) ->
                ((HttpServletResponse) answer).sendError(HttpServletResponse.SC_NOT_FOUND));
    asked.addUrlPatterns("/error");
    asked.setDispatcherTypes(DispatcherType.REQUEST);
    return asked;
  }

  /** Beside the endpoints, whose dispatcher has every other address. */
  @Bean
  ServletRegistrationBean<PageDoor> page(Vitals vitals) {
    return new ServletRegistrationBean<>(new PageDoor(vitals.page()), PageDoor.ADDRESSES);
  }

  @Bean
  PortListener portListener(Vitals vitals) {
    return new PortListener(vitals.port());
  }
}
