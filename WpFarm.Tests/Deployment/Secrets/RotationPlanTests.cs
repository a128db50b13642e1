using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Secrets;
using WpFarm.Tests.Topology;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Deployment.Secrets;

public sealed class RotationPlanTests
{
    private static readonly Farm s_farm = TestFarms.OnNodes(3);

    public static TheoryData<string> Rotating =>
        [.. s_farm.Secrets.Where(secret => secret.Rotation is not Rotation.Never).Select(secret => secret.Name)];

    [Fact]
    public void Without_names_every_secret_that_can_be_rotated_is() =>
        Assert.Equal(Rotating.Select(row => row.Data), Of().Secrets.Select(secret => secret.Name));

    [Fact]
    public void A_secret_that_keeps_its_value_and_one_that_is_none_are_refused_at_once_with_the_reason_and_the_names()
    {
        var refused = Assert.Throws<InvalidInputException>(() => Of(Secret.ObjectStorageHashSuffix, "sites-kye"));

        Assert.Collection(
            refused.Problems,
            problem =>
                Assert.Equal("object-storage-hash-suffix: cannot be rotated: with another the object storage would find nothing.", problem),
            problem =>
                Assert.StartsWith("sites-kye: is not a secret of this farm. Its secrets: sites-key, ", problem, StringComparison.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Rotating))]
    public void Whoever_checks_a_secret_is_told_of_both_values_before_anybody_uses_the_next_and_drops_the_one_before_last(string secret)
    {
        var steps = Of(secret).Steps.Select(step => step.GetType().Name).ToList();
        var told = Told(s_farm.Secrets.Single(s => s.Name == secret).Rotation);

        Assert.Equal("GenerateNext", steps[0]);
        Assert.Equal("RecordDone", steps[^1]);
        if (steps.Contains("AddNext"))
            Assert.Equal(
                ["AddNext", .. told, "UseNext", .. told, "RecordDone"],
                steps.Where(step => step is "AddNext" or "UseNext" or "RecordDone" || told.Contains(step))
            );
        if (told.Length > 0)
            Assert.Equal(
                ["UseNext", "WaitForLogins", "DropPrevious"],
                steps.Where(step => step is "UseNext" or "WaitForLogins" or "DropPrevious")
            );
    }

    [Fact]
    public void Channels_and_services_that_hold_the_password_change_over_while_both_are_accepted() =>
        Assert.Equal(
            [
                "GenerateNext",
                "AddNext",
                "AcceptOnServers",
                "UseNext",
                "RenewChannels",
                "Restart",
                "WaitForLogins",
                "DropPrevious",
                "AcceptOnServers",
                "RecordDone",
            ],
            Of(Secret.Replication, Secret.Monitor).Steps.Select(step => step.GetType().Name)
        );

    [Fact]
    public void What_one_service_takes_at_its_start_is_written_before_that_starts_anew() =>
        Assert.Equal(
            [new RotationStep.Restart("object-storage").What],
            Of(Secret.ObjectStorageKey)
                .Steps.SkipWhile(step => step is not RotationStep.DropPrevious)
                .OfType<RotationStep.Restart>()
                .Select(step => step.What)
        );

    [Fact]
    public void What_ProxySQL_has_in_its_own_file_is_refused_and_left_out()
    {
        var farm = Farm.Build(new() { Database = new() { Proxy = DatabaseProxy.ProxySql } });
        var refused = Assert.Throws<InvalidInputException>(() => RotationPlan.Of(farm, [Secret.SitesKey], []));

        Assert.Contains("sites-key: cannot be rotated: ProxySQL keeps a copy", Assert.Single(refused.Problems), StringComparison.Ordinal);
        Assert.DoesNotContain(RotationPlan.Of(farm, [], []).Secrets, secret =>
            secret.Name is Secret.SitesKey or Secret.SitesAdmin or Secret.Monitor
        );
    }

    [Fact]
    public void A_rotation_that_was_begun_is_finished_whatever_is_asked_for() =>
        Assert.Equal(
            [Secret.Monitor, Secret.ApiToken],
            RotationPlan.Of(s_farm, [Secret.ApiToken], [Secret.Monitor]).Secrets.Select(secret => secret.Name)
        );

    [Fact]
    public void Every_service_that_a_rotation_starts_anew_uses_the_secret() => Assert.All(s_farm.Secrets, secret =>
        {
            var started = secret.Rotation switch
            {
                Rotation.Restart(var service) => service,
                Rotation.Overlap { Restarts: var service } => service,
                _ => null,
            };
            Assert.True(started is null || s_farm.Find(started)!.Secrets.Contains(secret.Name), $"{started} does not use {secret.Name}");
        });

    private static string[] Told(Rotation rotation) =>
        rotation is not Rotation.Overlap { By: var by }
            ? []
            : by switch
            {
                AcceptedBy.DatabaseServers or AcceptedBy.MailServer => ["AcceptOnServers"],
                AcceptedBy.SiteUsers => ["AcceptForSites"],
                _ => [],
            };

    private static RotationPlan Of(params string[] names) => RotationPlan.Of(s_farm, names, []);
}
