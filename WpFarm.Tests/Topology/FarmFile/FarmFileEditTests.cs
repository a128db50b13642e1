using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology.FarmFile;

public sealed class FarmFileEditTests
{
    [Fact]
    public void A_value_is_replaced_where_it_stands_and_comments_stay() =>
        Assert.Equal(
            """
            {
              // Two of them.
              "database": { "memory": "2G" /* was less */, "cpus": 2 }
            }
            """,
            FarmFileEdit.Set(
                """
                {
                  // Two of them.
                  "database": { "memory": "512M" /* was less */, "cpus": 2 }
                }
                """,
                "database.memory",
                "\"2G\""
            )
        );

    [Fact]
    public void A_key_that_is_not_there_is_put_into_the_object_that_is() =>
        Assert.Equal(
            """
            {
              "database": {
                "memory": "2G",
                "cpus": 2
              }
            }
            """,
            FarmFileEdit.Set(
                """
                {
                  "database": {
                    "cpus": 2
                  }
                }
                """,
                "database.memory",
                "\"2G\""
            )
        );

    [Fact]
    public void Objects_that_are_not_there_are_made() =>
        Assert.Equal(
            """
            {
              "tiers": {
                "bronze": {
                  "replicas": 3
                }
              }
            }
            """,
            FarmFileEdit.Set("{}", "tiers.bronze.replicas", "3")
        );

    [Theory]
    [InlineData("{}")]
    [InlineData("{ \"swarm\": {}, }")]
    [InlineData("{ // empty\n}")]
    [InlineData("{ \"domain\": \"example.com\", \"swarm\": { \"nodes\": 1, } }")]
    public void What_was_set_is_read(string text) => Assert.Equal(5, Options(FarmFileEdit.Set(text, "swarm.nodes", "5")).Swarm.Nodes);

    private static FarmOptions Options(string text)
    {
        var whole = FarmFileEdit.Set(
            FarmFileEdit.Set(text, "registry", "\"r.example.com\""),
            "storage",
            """{ "uploads": "path", "uploadsPath": "/mnt/uploads" }"""
        );
        var result = FarmFileReader.Read(whole, new Dictionary<string, string>());
        Assert.True(result.Options is not null, $"{whole}\n{string.Join('\n', result.Problems)}");
        return result.Options;
    }

    [Theory]
    [InlineData("""{ "a": 1, "b": { "c": [2, 3], "d": 4 }, "e": 5 }""", "b.c", """{ "a": 1, "b": { "d": 4 }, "e": 5 }""")]
    [InlineData("""{ "a": 1, "b": { "c": 2 } }""", "b", """{ "a": 1,  }""")]
    [InlineData("""{ "a": 1 /* one */, "b": 2 /* two */ }""", "b", """{ "a": 1 /* one */,  /* two */ }""")]
    [InlineData("""{ "a": { "b": 1 }, "b": 2 }""", "b", """{ "a": { "b": 1 },  }""")]
    [InlineData("""{ "a": 1 }""", "b.c", """{ "a": 1 }""")]
    [InlineData("""{ "a": 1 }""", "a.c", """{ "a": 1 }""")]
    public void A_key_is_taken_away_with_its_value_and_nothing_else(string text, string key, string left) =>
        Assert.Equal(left, FarmFileEdit.Remove(text, key));
}
