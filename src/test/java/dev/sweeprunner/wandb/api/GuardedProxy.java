package dev.sweeprunner.wandb.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A proxy that wants a name and a password, for plain requests and for tunnels. */
final class GuardedProxy implements AutoCloseable {
  private static final String DENIED =
      "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
          + "Content-Length: 0\r\nConnection: close\r\n\r\n";

  private final ServerSocket socket;
  private final String wanted;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> heads = new CopyOnWriteArrayList<>();

  /** Lets in who sends {@code wanted} as {@code Proxy-Authorization}. */
  GuardedProxy(String wanted) throws IOException {
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.wanted = wanted;
    threads.execute(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  /** The heads of all requests that came. */
  List<String> heads() {
    return heads;
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      String head = head(in);
      heads.add(head);
      if (!head.toLowerCase(Locale.ROOT)
          .contains("proxy-authorization: " + wanted.toLowerCase(Locale.ROOT))) {
        in.readNBytes(in.available());
        client.getOutputStream().write(DENIED.getBytes(ISO_8859_1));
        client.getOutputStream().flush();
        return;
      }
      String[] words = head.split(" ", 3);
      boolean tunnel = words[0].equals("CONNECT");
      URI target = URI.create(tunnel ? "https://" + words[1] : words[1]);
      try (Socket server = new Socket(target.getHost(), target.getPort())) {
        if (tunnel) {
          client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
        } else {
          server.getOutputStream().write(inner(head, target).getBytes(ISO_8859_1));
        }
        threads.execute(() -> pump(in, server));
        copy(server.getInputStream(), client.getOutputStream());
      }
    } catch (IOException e) {
      // The other side hung up.
    }
  }

  private static String inner(String head, URI target) {
    String path = target.getRawPath();
    return head.replaceFirst(" \\S+ ", " " + path + " ")
        .replaceAll("(?i)proxy-authorization: [^\r]*\r\n", "");
  }

  private static void pump(InputStream in, Socket server) {
    try {
      copy(in, server.getOutputStream());
    } catch (IOException e) {
      // The other side hung up.
    }
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[8192];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      out.write(buffer, 0, n);
      out.flush();
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no head");
      }
      head.write(next);
    }
    return head.toString(ISO_8859_1);
  }
}
