using System.Text;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Images;
using WpFarm.Deployment.Publishing;
using WpFarm.Orchestrator.Autoscaling;
using WpFarm.Scaling;
using WpFarm.Tests.Scaling;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology.FarmFile;

/// <summary>All effects of a farm.json as one text: every rendered file, and the autoscaler's decisions under a given load.</summary>
internal static class Consequences
{
    /// <summary>
    /// The Orchestrator's copy of farm.json, which is left out because it changes with each key, used or not. The Orchestrator builds the
    /// farm from it again, and reads the autoscaler's settings there: the decisions show whether it uses them.
    /// </summary>
    private const string Copy = "/etc/farm/farm.json";

    /// <summary>Above any threshold that a key may set.</summary>
    private static readonly Dictionary<Signal, double> s_high = new()
    {
        [Signal.Cpu] = 99,
        [Signal.Memory] = 99,
        [Signal.Latency] = 90_000,
        [Signal.Queue] = 2000,
        [Signal.Busy] = 99,
        [Signal.Statements] = 2000,
    };

    public static string Of(FarmOptions options)
    {
        var farm = Farm.Build(options);
        var rendered = farm with
        {
            Services = [.. farm.Services.Select(service => service with { Files = [.. service.Files.Where(file => file.Path != Copy)] })],
        };
        return $"{Files(rendered)}\n{Decisions(farm)}";
    }

    private static string Files(Farm farm)
    {
        var own = farm.Services.Select(service => service.Image).OfType<Image.FirstParty>().Distinct();
        var images = new ImageTags(own.ToDictionary(image => image.Folder, _ => "tag"), farm.Options.Registry);
        var published = Publication.Of(farm, TestFarms.Project, images).Select(file => $"{file.Path}\n{file.Content}");
        return string.Join('\n', published.Prepend(ComposeManifest.Write(farm, TestFarms.Project, images, "fingerprint")));
    }

    private static string Decisions(Farm farm) =>
        string.Join(
            '\n',
            [
                .. farm.Tiers.Select(tier => Decisions(tier.Key, tier.Value.Scaling.Enabled, TierPolicy.Of(tier.Value))),
                .. AdvisedPart.Of(farm).Select(part => Decisions(part.Name, part.IsWatched, part.Policy)),
            ]
        );

    private static string Decisions(string name, bool isScaled, TierPolicy policy) =>
        $"{name}:\n{(isScaled ? Decisions(policy) : "not scaled")}";

    /// <summary>The reasons of the decisions while one signal after the other is high for ten minutes and low for twenty.</summary>
    private static string Decisions(TierPolicy policy)
    {
        var (tier, reasons) = (new TestTier { Policy = policy }, new StringBuilder());
        foreach (var signal in policy.Rules.Keys.Order())
        {
            foreach (var (value, minutes) in new[] { (s_high[signal], 10), (1, 20) })
            {
                tier.Values[signal] = value;
                for (var look = 0; look < minutes * 60 / TestTier.Tick.TotalSeconds; look++)
                    reasons.AppendLine(tier.Look().Reason);
            }
        }

        return reasons.ToString();
    }
}
