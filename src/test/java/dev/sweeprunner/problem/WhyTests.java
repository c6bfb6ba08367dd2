package dev.sweeprunner.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WhyTests {
  static Stream<Throwable> everything() {
    return Stream.of(
            new AccessDeniedException("/a"),
            new NoSuchFileException("/a"),
            new NotDirectoryException("/a"),
            new FileAlreadyExistsException("/a"),
            new DirectoryNotEmptyException("/a"),
            new FileSystemLoopException("/a"),
            new FileSystemException("/a"),
            new FileSystemException("/a", null, "No space left on device"),
            new FileNotFoundException("/a (Permission denied)"),
            new EOFException(),
            new MalformedInputException(1),
            new InterruptedIOException(),
            new ClosedChannelException(),
            new IOException(),
            new IOException("java.net.ConnectException: Connection refused"),
            new IllegalStateException(),
            new NullPointerException("Cannot invoke \"dev.sweeprunner.run.Claim.close()\""),
            new ClassCastException("class a.B cannot be cast to class a.C"),
            new NoClassDefFoundError("jcuda/driver/JCudaDriver"),
            new ExceptionInInitializerError("java.lang.RuntimeException: x"))
        .flatMap(
            failure ->
                Stream.of(
                    failure,
                    new IOException(failure),
                    new IllegalStateException(failure),
                    new ExecutionException(new ExecutionException(failure)),
                    new UncheckedIOException(new IOException(failure))));
  }

  @ParameterizedTest
  @MethodSource("everything")
  void no_class_is_named_and_something_is_said(Throwable failure) {
    for (String words : new String[] {Why.of(failure), Why.at(failure)}) {
      assertThat(words).isNotBlank().doesNotContainPattern("Exception|Error|\\w\\.\\w+\\.\\w|null");
    }
  }

  @Test
  void the_place_comes_first_where_it_is_known_and_a_wrapper_hides_nothing() {
    FileSystemException full = full("/root/rows.jsonl");

    assertThat(Why.of(full)).isEqualTo("No space left on device");
    assertThat(Why.at(full)).isEqualTo("/root/rows.jsonl: No space left on device");
    assertThat(Why.at(new UncheckedIOException(new IOException(full)))).isEqualTo(Why.at(full));
    assertThat(Why.at(new IOException("Input/output error"))).isEqualTo("Input/output error");
  }

  @Test
  void of_a_temporary_file_the_folder_is_named() {
    assertThat(Why.at(full("/root/a/.t.0c9c58e2-5b6e"))).startsWith("/root/a: ");
  }

  @Test
  void a_sentence_of_the_programs_own_is_kept() {
    IOException cause = new IOException("Input/output error");

    assertThat(Why.of(new UncheckedIOException("9f3c21aa: no claim", cause)))
        .isEqualTo("9f3c21aa: no claim");
    assertThat(Why.at(new UncheckedIOException("9f3c21aa: no claim", cause)))
        .isEqualTo("9f3c21aa: no claim");
  }

  private static FileSystemException full(@Nullable String file) {
    return new FileSystemException(file, null, "No space left on device");
  }
}
