package dev.sweeprunner.relay;

import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.relay.StreamPost.Part;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/** Reads one post of a stream as it comes, so that no more than its lines is held. */
final class PostReader {
  /** Bytes of a whole post; the official client keeps to 10 MiB. */
  static final int MOST_BYTES = 64 << 20;

  /** Lines of a post: each costs memory besides its text. */
  static final int MOST_LINES = 1_000_000;

  /** Characters of a line; the official client sends none that is longer. */
  static final int LONGEST_LINE = 10 << 20;

  private static final int DEEPEST = 50;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(MOST_BYTES)
                  .maxNestingDepth(DEEPEST)
                  .build())
          .build();

  private final List<Part> parts = new ArrayList<>();
  private boolean complete;
  private int exitCode;
  private int lines;
  private int tooLong;

  private PostReader() {}

  /**
   * A post, whole.
   *
   * @throws UnreadableJson if it is no JSON object
   * @throws Body.TooLarge if it has too many lines
   * @throws IOException what reading throws; of a body that breaks off nothing is told
   */
  static StreamPost read(InputStream body) throws IOException, UnreadableJson {
    PostReader reader = new PostReader();
    try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), body)) {
      reader.post(json);
    } catch (JacksonIOException e) {
      throw e.getCause();
    } catch (JacksonException e) {
      throw new UnreadableJson("not JSON: " + e.getOriginalMessage());
    }
    return new StreamPost(reader.parts, reader.complete, reader.exitCode, reader.tooLong);
  }

  private void post(JsonParser json) throws UnreadableJson, IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new UnreadableJson("not a JSON object");
    }
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      JsonToken value = json.nextToken();
      switch (name) {
        case "files" -> files(json);
        case "complete" -> complete = value == JsonToken.VALUE_TRUE;
        case "exitcode" -> exitCode = value == JsonToken.VALUE_NUMBER_INT ? json.getIntValue() : 0;
        default -> json.skipChildren();
      }
    }
    if (json.nextToken() != null) {
      throw new UnreadableJson("something follows the JSON object");
    }
  }

  private void files(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    for (String file = json.nextName(); file != null; file = json.nextName()) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        parts.add(part(file, json));
      } else {
        json.skipChildren();
      }
    }
  }

  private Part part(String file, JsonParser json) throws IOException {
    long offset = 0;
    List<String> content = new ArrayList<>();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      JsonToken value = json.nextToken();
      if (name.equals("offset") && value == JsonToken.VALUE_NUMBER_INT) {
        offset = Math.max(0, json.getLongValue());
      } else if (name.equals("content") && value == JsonToken.START_ARRAY) {
        lines(json, content);
      } else {
        json.skipChildren();
      }
    }
    return new Part(file, offset, content);
  }

  private void lines(JsonParser json, List<String> content) throws IOException {
    while (json.nextToken() != JsonToken.END_ARRAY) {
      String line = json.currentToken() == JsonToken.VALUE_STRING ? json.getString() : "";
      json.skipChildren();
      if (++lines > MOST_LINES) {
        throw new Body.TooLarge();
      }
      tooLong += line.length() > LONGEST_LINE ? 1 : 0;
      content.add(line.length() > LONGEST_LINE ? "" : line);
    }
  }
}
