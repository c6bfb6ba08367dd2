package dev.sweeprunner.testkit.wandb;

import graphql.language.Field;
import graphql.language.OperationDefinition;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.Parser;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a GraphQL document is called. */
final class Operations {
  private Operations() {}

  /** The operation's name; without one its root fields; for what is no document, nothing. */
  static String name(String document, @Nullable Object operationName) {
    if (operationName instanceof String name && !name.isEmpty()) {
      return name;
    }
    return first(document).stream()
        .map(
            operation ->
                Objects.requireNonNullElseGet(
                    operation.getName(), () -> String.join(",", fields(document))))
        .collect(Collectors.joining());
  }

  /** The root fields of the first operation. */
  static List<String> fields(String document) {
    return first(document).stream()
        .flatMap(operation -> operation.getSelectionSet().getSelectionsOfType(Field.class).stream())
        .map(Field::getName)
        .toList();
  }

  private static List<OperationDefinition> first(String document) {
    try {
      return Parser.parse(document).getDefinitionsOfType(OperationDefinition.class).stream()
          .limit(1)
          .toList();
    } catch (InvalidSyntaxException notGraphQl) {
      return List.of();
    }
  }
}
