package dev.sweeprunner.app;

import dev.sweeprunner.batch.RepositoryConfiguration;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.web.TakenPort;
import dev.sweeprunner.web.Vitals;
import dev.sweeprunner.web.WebConfiguration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The full context of a run: job repository, health endpoint. Beans come from here, from {@code
 * batch} and {@code web}, and from what of Spring Boot's auto-configuration both name; nothing is
 * scanned.
 *
 * <p>It starts in a thread of its own, for it takes half of a worker's start, and touches no file
 * and no port before it is told where the database lies. One that is never told ends with the
 * process.
 */
final class SpringContext {
  private static final int CONNECTIONS = 2;

  private final CompletableFuture<Needs> needs = new CompletableFuture<>();
  private final CompletableFuture<ConfigurableApplicationContext> started;

  private SpringContext(boolean web, int port) {
    started = CompletableFuture.supplyAsync(() -> start(web, port), SpringContext::ownThread);
  }

  /** The common pool has few threads, and whoever asks git or W&amp;B meanwhile needs them. */
  private static void ownThread(Runnable work) {
    Thread thread = new Thread(work, "spring");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Begins to start.
   *
   * @param port of the health endpoint, 0 for a free one; ignored without {@code web}
   */
  static SpringContext begin(boolean web, int port) {
    return new SpringContext(web, port);
  }

  /**
   * The started context; to be asked for once, and to be closed.
   *
   * @param url of the job repository's database
   * @param vitals what the health endpoint shows
   * @throws UserError if another process has the port
   */
  ConfigurableApplicationContext open(String url, Vitals vitals) {
    needs.complete(new Needs(url, vitals));
    try {
      return started.join();
    } catch (CompletionException e) {
      throw refused(e);
    }
  }

  private static RuntimeException refused(CompletionException e) {
    Optional<UserError> taken = TakenPort.behind(e);
    if (taken.isPresent()) {
      return taken.get();
    }
    return e.getCause() instanceof RuntimeException failure ? failure : e;
  }

  private ConfigurableApplicationContext start(boolean web, int port) {
    SpringApplication application = new SpringApplication(RepositoryConfiguration.class);
    if (web) {
      application.addPrimarySources(List.of(WebConfiguration.class));
    }
    application.setWebApplicationType(web ? WebApplicationType.SERVLET : WebApplicationType.NONE);
    application.setRegisterShutdownHook(false);
    application.setDefaultProperties(Map.of("server.port", Integer.toString(port)));
    ApplicationContextInitializer<ConfigurableApplicationContext> late =
        context -> {
          GenericApplicationContext beans = (GenericApplicationContext) context;
          beans.registerBean(Vitals.class, () -> needs.join().vitals());
          beans.registerBean(
              "dataSource",
              DataSource.class,
              () -> pool(needs.join().url()),
              definition -> definition.setDestroyMethodName("dispose"));
        };
    application.addInitializers(late);
    return application.run();
  }

  private static DataSource pool(String url) {
    JdbcConnectionPool pool = JdbcConnectionPool.create(url, "sa", "");
    pool.setMaxConnections(CONNECTIONS);
    return pool;
  }

  private record Needs(String url, Vitals vitals) {}
}
