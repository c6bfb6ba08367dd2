package dev.sweeprunner.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.relay.RawConnection;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server alone. */
class ServerTests {
  @TempDir Path folder;

  @Test
  void it_comes_back_on_the_same_port() throws IOException {
    try (Server server = new Server(folder, new Greeting())) {
      server.start();
      String address = server.address();
      String before = greeted(address);
      server.close();

      server.start();
      server.start();

      assertThat(server.address()).isEqualTo(address);
      assertThat(greeted(address)).isEqualTo(before).isEqualTo("hello");
    }
  }

  @Test
  void it_knows_which_connections_are_open() throws Exception {
    try (Server server = new Server(folder, new Greeting())) {
      server.start();
      RawConnection connection = new RawConnection(server.address());
      connection.send("GET", "/", Map.of(), new byte[0]);
      int open = server.connections().size();
      connection.close();

      for (int i = 0; i < 500 && !server.connections().isEmpty(); i++) {
        Thread.sleep(10);
      }

      assertThat(open).isEqualTo(1);
      assertThat(server.connections()).isEmpty();
    }
  }

  @Test
  void none_of_its_threads_keeps_the_worker_alive() throws IOException {
    try (Server server = new Server(folder, new Greeting())) {
      server.start();
      greeted(server.address());

      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> thread.getName().matches("(?i).*(http-nio|catalina|container).*"))
          .isNotEmpty()
          .allMatch(Thread::isDaemon);
    }
  }

  private static String greeted(String address) throws IOException {
    try (RawConnection connection = new RawConnection(address)) {
      return connection.send("GET", "/", Map.of(), new byte[0]).body();
    }
  }

  /** Says hello. */
  private static final class Greeting extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.setContentLength(5);
      response.getWriter().write("hello");
    }
  }
}
