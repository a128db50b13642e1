using System.Collections.Concurrent;

namespace WpFarm.Tests.Topology.FarmFile;

/// <summary>No key of farm.json is unused: another value of a key changes the farm.</summary>
public sealed class EveryKeyTests
{
    private static readonly ConcurrentDictionary<string, string> s_known = [];

    public static TheoryData<string> Keys => [.. FarmKey.All.Select(key => key.Path).Except(KeyCases.Checked.Keys)];

    public static TheoryData<string> CheckedKeys => [.. KeyCases.Checked.Keys];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Another_value_of_a_key_changes_a_rendered_file(string path)
    {
        var (before, after) = ChangedKey.FarmFiles(path);

        Assert.True(
            Consequences(before) != Consequences(after),
            $"{path}: another value changes no rendered file and no decision of the autoscaler, in the farm {KeyCases.FarmOf(path)}. "
                + "Use the key, delete it, or add a farm in which it matters to KeyCases.Farms."
        );
    }

    [Theory]
    [MemberData(nameof(CheckedKeys))]
    public void Another_value_of_a_key_that_renders_nothing_rejects_a_farm_json(string path)
    {
        var (before, after) = ChangedKey.FarmFiles(path);

        Assert.Empty(ChangedKey.Read(before).Problems);
        Assert.Contains(KeyCases.Checked[path].RejectedKey, ChangedKey.Read(after).Problems.Select(problem => problem.Path));
    }

    [Fact]
    public void Every_case_is_that_of_a_key()
    {
        var paths = FarmKey.All.Select(key => key.Path).ToList();

        Assert.All(KeyCases.Farms.Keys, farm => Assert.Contains(paths, path => KeyCases.IsAt(path, farm)));
        Assert.Empty(KeyCases.Values.Keys.Concat(KeyCases.Checked.Keys).Except(paths));
    }

    private static string Consequences(string farmFile) =>
        s_known.GetOrAdd(farmFile, text => FarmFile.Consequences.Of(ChangedKey.Valid(text)));
}
