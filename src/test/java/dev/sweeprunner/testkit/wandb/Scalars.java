package dev.sweeprunner.testkit.wandb;

import graphql.GraphQLContext;
import graphql.execution.CoercedVariables;
import graphql.language.IntValue;
import graphql.language.StringValue;
import graphql.language.Value;
import graphql.schema.Coercing;
import graphql.schema.CoercingParseLiteralException;
import graphql.schema.CoercingParseValueException;
import graphql.schema.GraphQLScalarType;
import java.util.Locale;

/** The schema's own scalars: texts that pass as they are, numbers of 64 bits, anything. */
final class Scalars {
  private Scalars() {}

  static GraphQLScalarType text(String name) {
    return GraphQLScalarType.newScalar().name(name).coercing(new Passing(true)).build();
  }

  static GraphQLScalarType any(String name) {
    return GraphQLScalarType.newScalar().name(name).coercing(new Passing(false)).build();
  }

  private static final class Passing implements Coercing<Object, Object> {
    private final boolean textOnly;

    Passing(boolean textOnly) {
      this.textOnly = textOnly;
    }

    @Override
    public Object serialize(Object result, GraphQLContext context, Locale locale) {
      return result;
    }

    @Override
    public Object parseValue(Object input, GraphQLContext context, Locale locale) {
      if (textOnly && !(input instanceof String)) {
        throw new CoercingParseValueException("wants a string");
      }
      return input;
    }

    @Override
    public Object parseLiteral(
        Value<?> input, CoercedVariables variables, GraphQLContext context, Locale locale) {
      if (input instanceof StringValue text && text.getValue() != null) {
        return text.getValue();
      }
      if (!textOnly && input instanceof IntValue number) {
        return number.getValue().longValue();
      }
      throw new CoercingParseLiteralException("wants a string");
    }
  }
}
