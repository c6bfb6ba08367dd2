package dev.sweeprunner.json;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * A member of a JSON object as it stands in its text, so that no number changes its digits, NaN
 * stays a bare token, and a second member of one name is one too.
 *
 * @param name decoded
 * @param text name and value as they stand there, without a comma
 * @param value as it stands there
 */
public record MemberText(String name, String text, String value) {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /**
   * The members of the one object in {@code text}, in their order.
   *
   * @throws UnreadableJson if it is something else
   */
  public static List<MemberText> of(String text) throws UnreadableJson {
    try (JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new UnreadableJson("not a JSON object");
      }
      List<MemberText> members = members(in, text);
      if (in.nextToken() != null) {
        throw new UnreadableJson("something follows the JSON object");
      }
      return members;
    } catch (JacksonException e) {
      throw new UnreadableJson("not JSON: " + e.getOriginalMessage());
    }
  }

  private static List<MemberText> members(JsonParser in, String text) {
    List<MemberText> members = new ArrayList<>();
    String name = in.nextName();
    int from = place(in);
    while (name != null) {
      in.nextToken();
      int value = place(in);
      in.skipChildren();
      String next = in.nextName();
      int after = place(in);
      int end = end(text, value, after, next != null);
      members.add(new MemberText(name, text.substring(from, end), text.substring(value, end)));
      name = next;
      from = after;
    }
    return members;
  }

  /** Between two members stand one comma and blanks, behind the last one blanks. */
  private static int end(String text, int value, int after, boolean comma) {
    int end = blanks(text, value, after);
    return comma ? blanks(text, value, end - 1) : end;
  }

  private static int blanks(String text, int from, int to) {
    int end = to;
    while (end > from && text.charAt(end - 1) <= ' ') {
      end--;
    }
    return end;
  }

  private static int place(JsonParser in) {
    return (int) in.currentTokenLocation().getCharOffset();
  }
}
