package dev.sweeprunner.page;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import java.net.BindException;
import java.nio.file.Path;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardServer;
import org.apache.catalina.session.StandardManager;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.modeler.Registry;

/** A server with nothing but the page. All its threads are daemons. Any thread. */
public final class PageServer implements AutoCloseable {
  private static final int MOST_THREADS = 16;
  private static final int MOST_CONNECTIONS = 256;
  private static final int WAITING_CONNECTIONS = 32;

  /** How long a client may take nothing of what it is sent, milliseconds. */
  private static final int SILENCE = 20_000;

  /** How long the end waits for requests that are being answered, milliseconds; 0 is for ever. */
  private static final long UNLOAD = 200;

  private final Tomcat tomcat = new Tomcat();
  private final String address;
  private final Connector connector;

  private PageServer(String address, int port) {
    this.address = address;
    this.connector = new Connector();
    connector.setPort(port);
    connector.setThrowOnFailure(true); // else it is logged, and nothing listens
    connector.setProperty("address", address);
    connector.setProperty("maxThreads", Integer.toString(MOST_THREADS));
    connector.setProperty("minSpareThreads", "1");
    connector.setProperty("maxConnections", Integer.toString(MOST_CONNECTIONS));
    connector.setProperty("acceptCount", Integer.toString(WAITING_CONNECTIONS));
    connector.setProperty("connectionTimeout", Integer.toString(SILENCE));
  }

  /**
   * Starts one.
   *
   * @param address of this host, by name or number
   * @param port 0 for a free one
   * @param folder one that is there, in which nothing is written
   * @throws UserError if it cannot be had
   */
  public static PageServer start(Page page, String address, int port, Path folder) {
    Registry.disableRegistry();
    PageServer server = new PageServer(address, port);
    server.setUp(page, folder.toAbsolutePath().toString());
    try {
      server.tomcat.start();
    } catch (LifecycleException e) {
      server.close();
      throw server.refused(port, e);
    }
    return server;
  }

  private UserError refused(int port, LifecycleException e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    boolean taken = cause instanceof BindException && port > 0;
    return new UserError(
        port == 0 ? address : address + ":" + port,
        "the page cannot be served there: "
            + (taken
                ? "another process has the port, or the address is none of this host's"
                : Why.of(cause)),
        "Name another --port or --address, or none for a free port of this host",
        e);
  }

  /** The port that it listens on. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Ends it, and whoever watches. */
  @Override
  public void close() {
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException ended) {
      // Whatever is left of it are daemons.
    }
  }

  private void setUp(Page page, String folder) {
    tomcat.setSilent(true);
    tomcat.setBaseDir(folder);
    tomcat.setConnector(connector);
    StandardContext context = (StandardContext) tomcat.addContext("", null);
    context.setWorkDir(folder);
    StandardManager sessions = new StandardManager(); // nobody has one, but it draws for them
    sessions.setSecureRandomAlgorithm("");
    sessions.setPathname(null);
    context.setManager(sessions);
    // It looks for leaks in ways that the JVM forbids, and complains at the end.
    context.setClearReferencesRmiTargets(false);
    context.setClearReferencesThreadLocals(false);
    context.setUnloadDelay(UNLOAD);
    Wrapper servlet = Tomcat.addServlet(context, "page", page.servlet());
    servlet.setAsyncSupported(true);
    context.addServletMappingDecoded("/", "page");
    ((StandardServer) tomcat.getServer()).setUtilityThreadsAsDaemon(true);
  }
}
