package dev.sweeprunner.web;

import java.io.File;
import org.apache.catalina.core.StandardContext;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
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

  @Bean
  PortListener portListener(Vitals vitals) {
    return new PortListener(vitals.port());
  }
}
