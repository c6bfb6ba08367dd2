package dev.sweeprunner.testkit.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One keep-alive connection of HTTP/1.1 that can break off anywhere. Where the server says that it
 * closes it, the next request opens another one.
 */
public final class RawConnection implements AutoCloseable {
  private static final int PATIENCE = 30_000;

  private final URI address;
  private Socket socket = new Socket();
  private InputStream in = InputStream.nullInputStream();
  private boolean last;

  /** Connects to the host and port of a URL. */
  public RawConnection(String url) throws IOException {
    this.address = URI.create(url);
    connect();
  }

  /**
   * What was answered.
   *
   * @param headers by their names in lower case
   */
  public record Reply(int status, Map<String, String> headers, String body) {}

  /** Sends a request and waits for the answer. */
  public Reply send(String method, String path, Map<String, String> headers, byte[] body)
      throws IOException {
    sendPart(method, path, headers, body, body.length);
    return reply();
  }

  /** Sends a request's head, and of its body only so many bytes. */
  public void sendPart(
      String method, String path, Map<String, String> headers, byte[] body, int bytes)
      throws IOException {
    sendHead(method, path, headers, body.length);
    sendMore(Arrays.copyOf(body, bytes));
  }

  /** Sends a request's head for a body of this length. */
  public void sendHead(String method, String path, Map<String, String> headers, long length)
      throws IOException {
    if (last) {
      socket.close();
      connect();
    }
    StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: relay\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("Content-Length: " + length + "\r\n\r\n");
    sendMore(head.toString().getBytes(ISO_8859_1));
  }

  /** Sends bytes as they are. */
  public void sendMore(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Waits for an answer. */
  public Reply reply() throws IOException {
    String[] status = line().split(" ", 3);
    Map<String, String> headers = new LinkedHashMap<>();
    for (String header = line(); !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    last = "close".equals(headers.get("connection"));
    return new Reply(Integer.parseInt(status[1]), headers, new String(body(headers), UTF_8));
  }

  /** Breaks it off: whatever the server had not read is lost. */
  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void connect() throws IOException {
    socket = new Socket(address.getHost(), address.getPort());
    socket.setSoTimeout(PATIENCE);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
    last = false;
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (!"chunked".equals(headers.get("transfer-encoding"))) {
      return in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunk(); size > 0; size = chunk()) {
      body.write(in.readNBytes(size));
      line();
    }
    line();
    return body.toByteArray();
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line().split(";", 2)[0].strip(), 16);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int each = in.read(); each != '\n'; each = in.read()) {
      if (each < 0) {
        throw new EOFException("the server closed the connection");
      }
      line.write(each);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }
}
