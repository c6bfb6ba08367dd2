package dev.sweeprunner.relay;

import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardServer;
import org.apache.catalina.session.StandardManager;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.modeler.Registry;
import org.apache.tomcat.util.net.NioEndpoint;

/**
 * An HTTP server on loopback with one servlet. Its port is drawn at the first start and is the same
 * at every later one. All its threads are daemons. Any thread.
 */
final class Server implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";

  /** Enough for the eight connections of each client of a program with some processes. */
  private static final int MOST_THREADS = 64;

  private static final int MOST_CONNECTIONS = 512;
  private static final int WAITING_CONNECTIONS = 64;

  /** How long a client may be silent in the middle of a request, milliseconds. */
  private static final int SILENCE = 20_000;

  /** How long the end waits for requests that are being answered, milliseconds; 0 is for ever. */
  private static final long UNLOAD = 200;

  /** Longer than any client keeps an idle connection, so that none writes into a closed one. */
  private static final int IDLE = 120_000;

  private final Path folder;
  private final HttpServlet servlet;
  private int port;
  private Tomcat tomcat = new Tomcat();
  private NioEndpoint endpoint = new NioEndpoint();

  /**
   * A server that is not started yet.
   *
   * @param folder one that is there; Tomcat would make some in the temporary folder otherwise
   */
  Server(Path folder, HttpServlet servlet) {
    this.folder = folder.toAbsolutePath();
    this.servlet = servlet;
  }

  /**
   * Starts it unless it runs.
   *
   * @throws IOException if the port cannot be had
   */
  synchronized void start() throws IOException {
    if (serves()) {
      return;
    }
    close();
    Registry.disableRegistry();
    tomcat = new Tomcat();
    endpoint = new NioEndpoint();
    Connector connector = connector();
    setUp(connector);
    try {
      tomcat.start();
    } catch (LifecycleException e) {
      close();
      throw new IOException("no port on loopback", e);
    }
    if (connector.getState() != LifecycleState.STARTED || connector.getLocalPort() <= 0) {
      close();
      throw new IOException("no port on loopback");
    }
    port = connector.getLocalPort();
  }

  /** Whether whoever connects is heard. */
  synchronized boolean listens() {
    return serves();
  }

  /** Where it is reached, without a slash at the end. */
  synchronized String address() {
    return "http://" + LOOPBACK + ":" + port;
  }

  /** The connections that are open now, as requests name them. */
  synchronized Set<String> connections() {
    return endpoint.getConnections().stream()
        .map(each -> each.getServletConnection("", "").getConnectionId())
        .collect(Collectors.toSet());
  }

  /** Ends it; {@link #start} may follow. */
  @Override
  public synchronized void close() {
    try {
      if (tomcat.getServer().getState() != LifecycleState.NEW) {
        tomcat.stop();
        tomcat.destroy();
      }
    } catch (LifecycleException ended) {
      // Whatever is left of it are daemons, and its port is refused at the next start.
    }
  }

  private boolean serves() {
    return port > 0 && endpoint.isRunning() && !endpoint.isPaused();
  }

  private void setUp(Connector connector) {
    tomcat.setSilent(true);
    tomcat.setBaseDir(folder.toString());
    tomcat.setConnector(connector);
    StandardContext context = (StandardContext) tomcat.addContext("", null);
    context.setWorkDir(folder.toString());
    StandardManager sessions = new StandardManager(); // nobody has one, but it draws for them
    sessions.setSecureRandomAlgorithm("");
    sessions.setPathname(null);
    context.setManager(sessions);
    // It looks for leaks in ways that the JVM forbids, and complains at the end.
    context.setClearReferencesRmiTargets(false);
    context.setClearReferencesThreadLocals(false);
    context.setUnloadDelay(UNLOAD);
    Tomcat.addServlet(context, "door", servlet);
    context.addServletMappingDecoded("/", "door");
    ((StandardServer) tomcat.getServer()).setUtilityThreadsAsDaemon(true);
  }

  private Connector connector() {
    Connector connector = new Connector(new Http11NioProtocol(endpoint));
    connector.setPort(port);
    connector.setProperty("address", LOOPBACK);
    connector.setProperty("maxThreads", Integer.toString(MOST_THREADS));
    connector.setProperty("minSpareThreads", "2");
    connector.setProperty("maxConnections", Integer.toString(MOST_CONNECTIONS));
    connector.setProperty("acceptCount", Integer.toString(WAITING_CONNECTIONS));
    connector.setProperty("connectionTimeout", Integer.toString(SILENCE));
    connector.setProperty("keepAliveTimeout", Integer.toString(IDLE));
    connector.setProperty("maxKeepAliveRequests", "-1");
    return connector;
  }
}
