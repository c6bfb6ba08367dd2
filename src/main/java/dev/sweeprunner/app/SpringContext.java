package dev.sweeprunner.app;

import dev.sweeprunner.web.Vitals;
import dev.sweeprunner.web.WebConfiguration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The full context of a run: job repository, health endpoint. Beans come from here, from {@code
 * web} and from Spring Boot; nothing is scanned.
 */
final class SpringContext {
  private static final String NO_SHELL =
      "org.springframework.shell.core.autoconfigure.SpringShellAutoConfiguration";

  private SpringContext() {}

  /**
   * Starts the context.
   *
   * @param url of the job repository's database
   * @param port of the health endpoint, 0 for a free one; ignored without {@code web}
   * @param vitals what the health endpoint shows
   */
  static ConfigurableApplicationContext start(String url, boolean web, int port, Vitals vitals) {
    SpringApplication application = new SpringApplication(Automatic.class);
    if (web) {
      application.addPrimarySources(List.of(WebConfiguration.class));
    }
    application.setWebApplicationType(web ? WebApplicationType.SERVLET : WebApplicationType.NONE);
    application.setRegisterShutdownHook(false);
    Map<String, Object> defaults = new HashMap<>();
    defaults.put("spring.autoconfigure.exclude", NO_SHELL);
    defaults.put("spring.datasource.url", url);
    defaults.put("spring.datasource.username", "sa");
    defaults.put("spring.datasource.hikari.maximum-pool-size", "2");
    defaults.put("server.port", Integer.toString(port));
    application.setDefaultProperties(defaults);
    ApplicationContextInitializer<ConfigurableApplicationContext> exporting =
        context -> ((GenericApplicationContext) context).registerBean(Vitals.class, () -> vitals);
    application.addInitializers(exporting);
    return application.run();
  }

  /** Turns Spring Boot's auto-configuration on. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Automatic {}
}
