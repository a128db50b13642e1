using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Deployment.Secrets;

/// <summary>
/// What to do to give secrets their next values, in order. Pure. At every moment each value that anybody may use is accepted by whoever
/// checks it, also by one that starts in the middle: files are written before servers are told, and a value is dropped last.
/// </summary>
/// <param name="Secrets">Those that get another value.</param>
public sealed record RotationPlan(IReadOnlyList<Secret> Secrets, IReadOnlyList<RotationStep> Steps)
{
    /// <summary>The password of a login may have been read, and its connection wait in the proxy's queue (10 s), or for a server.</summary>
    private static readonly TimeSpan s_longestLogin = TimeSpan.FromSeconds(15);

    /// <param name="names">Which; none: every one that can be rotated.</param>
    /// <param name="underWay">Those that a run before this one has begun with: they are finished, whatever is asked for.</param>
    /// <exception cref="InvalidInputException">A name is that of no secret of the farm, or of one that keeps its value. All that was found.</exception>
    public static RotationPlan Of(Farm farm, IReadOnlyList<string> names, IReadOnlyList<string> underWay)
    {
        var problems = names.Select(name => Problem(farm, name)).OfType<string>().ToList();
        if (problems.Count > 0)
            throw new InvalidInputException(problems);
        var secrets = farm
            .Secrets.Where(secret =>
                secret.Rotation is not Rotation.Never
                && !IsInProxySql(farm, secret)
                && (names.Count == 0 || names.Contains(secret.Name) || underWay.Contains(secret.Name))
            )
            .ToList();
        return new RotationPlan(secrets, [.. Overlapping(farm, secrets), .. Restarted(farm, secrets)]);
    }

    private static string? Problem(Farm farm, string name) =>
        farm.Secrets.FirstOrDefault(secret => secret.Name == name) switch
        {
            null => $"{name}: is no secret of this farm. They are {string.Join(", ", farm.Secrets.Select(secret => secret.Name))}.",
            { Rotation: Rotation.Never(var because) } => $"{name}: keeps its value: {because}.",
            { } secret when IsInProxySql(farm, secret) =>
                $"{name}: ProxySQL has it in a file of its own, and accepts one value at a time. Rotate it with database.proxy haproxy.",
            _ => null,
        };

    private static bool IsInProxySql(Farm farm, Secret secret) =>
        farm.Services.Any(service => service.Image == UpstreamImages.ProxySQL && service.Secrets.Contains(secret.Name));

    private static IEnumerable<RotationStep> Overlapping(Farm farm, List<Secret> secrets)
    {
        var ways = secrets.Select(secret => secret.Rotation).OfType<Rotation.Overlap>().ToList();
        var names = Names<Rotation.Overlap>(secrets);
        if (names.Count == 0)
            yield break;
        var accept = Accept(farm, ways).ToList();

        yield return new RotationStep.Begin(names);
        yield return new RotationStep.Offer(names);
        foreach (var step in accept)
            yield return step;
        yield return new RotationStep.Turn(names);
        if (ways.Exists(way => way.InChannels))
            yield return new RotationStep.RenewChannels();
        foreach (var service in ways.Select(way => way.Restarts).OfType<string>().Where(service => farm.Find(service) is not null))
            yield return new RotationStep.Restart(service);
        if (accept.Count > 0)
            yield return new RotationStep.LetLoginsEnd(s_longestLogin);
        yield return new RotationStep.Settle(names);
        foreach (var step in accept)
            yield return step;
        yield return new RotationStep.End(names);
    }

    private static IEnumerable<RotationStep> Accept(Farm farm, List<Rotation.Overlap> ways)
    {
        if (ways.Exists(way => way.By is AcceptedBy.DatabaseServers))
            yield return new RotationStep.AcceptOnServers([
                .. farm
                    .Services.Where(service => service.Layer is Layer.Database && service.Secrets.Count > 0)
                    .Select(service => service.Name),
            ]);
        if (ways.Exists(way => way.By is AcceptedBy.RedisNodes))
            yield return new RotationStep.AcceptOnServers([
                .. farm
                    .Services.Where(service => !service.IsJob && service.Layer is Layer.Caching && service.Secrets.Contains(Secret.Redis))
                    .Select(service => service.Name),
            ]);
        if (ways.Exists(way => way.By is AcceptedBy.SiteUsers))
            yield return new RotationStep.AcceptForSites(
                farm.Services.Single(service => service.IsJob && service.Secrets.Contains(Secret.SitesKey)).Name
            );
    }

    /// <summary>One value at a time is all that these know.</summary>
    private static IEnumerable<RotationStep> Restarted(Farm farm, List<Secret> secrets)
    {
        var names = Names<Rotation.Restart>(secrets);
        if (names.Count == 0)
            yield break;
        yield return new RotationStep.Begin(names);
        yield return new RotationStep.Settle(names);
        foreach (
            var service in secrets
                .Select(secret => secret.Rotation)
                .OfType<Rotation.Restart>()
                .Select(way => way.Service)
                .Where(service => farm.Find(service) is not null)
        )
            yield return new RotationStep.Restart(service);
        yield return new RotationStep.End(names);
    }

    private static List<string> Names<T>(List<Secret> secrets)
        where T : Rotation => [.. secrets.Where(secret => secret.Rotation is T).Select(secret => secret.Name)];
}
