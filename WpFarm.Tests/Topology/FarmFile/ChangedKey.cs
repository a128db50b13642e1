using System.Text.Json.Nodes;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology.FarmFile;

/// <summary>Two farms that differ in one key of farm.json.</summary>
internal static class ChangedKey
{
    /// <summary>A farm.json with every key, and the same with another value of one key.</summary>
    public static (string Before, string After) FarmFiles(string path)
    {
        var key = FarmKey.All.Single(key => key.Path == path);
        var farmFile = JsonNode.Parse(FarmFileReader.Write(Valid(KeyCases.FarmOf(path))))!.AsObject();
        var before = farmFile.ToJsonString();
        var value = KeyCases.Values.TryGetValue(path, out var written) ? JsonNode.Parse(written) : key.OtherThan(key.ValueIn(farmFile));
        Assert.True(value is not null, $"{path}: the test cannot tell another legal value from its type. Add one to KeyCases.Values.");
        key.Set(farmFile, value);
        return (before, farmFile.ToJsonString());
    }

    public static FarmFileResult Read(string text) => FarmFileReader.Read(text, new Dictionary<string, string>(), new TwoDatabases());

    public static FarmOptions Valid(string text)
    {
        var result = Read(text);
        Assert.Empty(result.Problems);
        return result.Options!;
    }
}
