package dev.sweeprunner.relay.files;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files and artifacts of one run in one life. Any thread. */
public interface ProgramFiles {
  /**
   * The {@code data} member of the answer to an operation about files or artifacts; empty where the
   * operation is about something else.
   *
   * @param operation its name, for example {@code CreateRunFiles}
   * @throws RelayRefusal if it cannot be done here, with the sentence that the client is told
   * @throws IOException if something could not be written; the client is told so in one sentence
   */
  Optional<Map<String, @Nullable Object>> answer(
      String operation, Map<String, @Nullable Object> variables) throws IOException;

  /**
   * Takes an upload to an address that {@link #answer} has given out; written as it streams, and in
   * place once it is whole.
   *
   * @param path what follows the relay's own address in the upload's URL
   * @param length of the body in bytes, or -1 where the client does not say
   * @return false where no such address was given out, or what comes is too large
   */
  boolean put(String path, InputStream body, long length) throws IOException;

  /**
   * What an address that was given out holds, for a client that reads back what it has stored.
   *
   * @return empty where there is no such file
   */
  Optional<InputStream> get(String path) throws IOException;
}
