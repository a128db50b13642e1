using WpFarm.AppHost.Aspire.Watch;

namespace WpFarm.Tests.AppHost.Aspire;

/// <summary>A service, a service that waits for it, and one that waits for that.</summary>
public sealed class StartupMonitorTests
{
    private readonly StartupMonitor _course = new([
        new("orchestrator", ResourceRole.Service, []),
        new("pool", ResourceRole.FollowsLoad, []),
        new("install", ResourceRole.Job, ["orchestrator"]),
        new("edge", ResourceRole.Service, ["install"]),
    ]);

    private DateTime _now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Fact]
    public void AServiceThatEnds_IsSaidWithAllThatWaitForIt_AndStartsAgain()
    {
        See("install", ResourceCondition.Waiting);
        See("orchestrator", ResourceCondition.Running);

        AssertStartsAgain(Ends("orchestrator", 134), "ended with exit code 134", 2, "install", "edge");
    }

    [Fact]
    public void AServiceThatNeverBecomesHealthy_EndsTheFarm()
    {
        See("orchestrator", ResourceCondition.Running);
        AssertStartsAgain(Ends("orchestrator", 134), "ended with exit code 134", 2, "install", "edge");
        See("orchestrator", ResourceCondition.Starting);
        AssertStartsAgain(See("orchestrator", ResourceCondition.NotStarted), "could not be started", 10, "install", "edge");
        See("orchestrator", ResourceCondition.Starting);

        AssertOver(Ends("orchestrator", 134), "orchestrator", "ended with exit code 134", "install", "edge");
    }

    [Fact]
    public void AServiceThatWasHealthyInBetween_StartsAgainEachTime()
    {
        for (var time = 0; time < 10; time++)
        {
            See("orchestrator", ResourceCondition.Healthy);
            AssertStartsAgain(Ends("orchestrator", 137), "ended with exit code 137", 2, "install", "edge");
        }
    }

    [Fact]
    public void WhoHasStarted_WaitsForNobody()
    {
        ComesUp();

        AssertStartsAgain(Ends("orchestrator", 137), "ended with exit code 137", 2);
    }

    [Fact]
    public void AnEnd_IsSaidOnce()
    {
        See("orchestrator", ResourceCondition.Running);
        Assert.NotNull(Ends("orchestrator", 1));

        Assert.Null(See("orchestrator", ResourceCondition.Ended, 1));
        Assert.Null(See("orchestrator", ResourceCondition.Starting));
        // Aspire removes the ended container and reports its end again.
        Assert.Null(_course.See(new("orchestrator", ResourceCondition.Ended, 1, _now)));
        Assert.False(_course.IsDown("orchestrator"));
    }

    [Fact]
    public void AJobThatFails_EndsTheFarm()
    {
        See("install", ResourceCondition.Running);

        AssertOver(Ends("install", 1), "install", "ended with exit code 1", "edge");
        Assert.Null(Ends("orchestrator", 1));
        Assert.Null(_course.TimeIsUp());
    }

    [Fact]
    public void AJobWhoseExitCodeIsKnownLater_IsJudgedByIt()
    {
        See("install", ResourceCondition.Running);
        Assert.Null(See("install", ResourceCondition.Ended));

        AssertOver(See("install", ResourceCondition.Ended, 3), "install", "ended with exit code 3", "edge");
    }

    [Fact]
    public void AJobThatWasDoneAndFailsWhenSomebodyRunsItAgain_IsOnlySaid()
    {
        ComesUp();
        See("install", ResourceCondition.Starting);

        Assert.Equal("install", Assert.IsType<FarmEvent.Mentioned>(Ends("install", 1)).Resource);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(143)]
    public void WhatTheOrchestratorLetGo_IsNotSaid(int exitCode)
    {
        See("pool", ResourceCondition.Healthy);

        Assert.Null(Ends("pool", exitCode));
    }

    [Fact]
    public void APoolThatWasKilled_StartsAgain()
    {
        See("pool", ResourceCondition.Healthy);

        AssertStartsAgain(Ends("pool", 137), "ended with exit code 137", 2);
    }

    [Fact]
    public void WhatSomebodyStopped_IsSaidOnlyWhereOthersWaitForIt()
    {
        See("orchestrator", ResourceCondition.Stopping);
        var news = Assert.IsType<FarmEvent.Mentioned>(Ends("orchestrator", 143));
        Assert.Equal(("was stopped", "install, edge"), (news.What, string.Join(", ", news.Waiting)));
        See("edge", ResourceCondition.Healthy);

        See("edge", ResourceCondition.Stopping);

        Assert.Null(Ends("edge", 0));
    }

    [Fact]
    public void WhatSomebodyStoppedAndStarted_IsWatchedAsBefore()
    {
        ComesUp();
        See("edge", ResourceCondition.Stopping);
        Ends("edge", 0);
        See("edge", ResourceCondition.Running);

        Assert.IsType<FarmEvent.StartsAgain>(Ends("edge", 0));
    }

    [Fact]
    public void AStartThatFailsWithoutAspireSayingSo_Counts()
    {
        See("orchestrator", ResourceCondition.Running);
        Ends("orchestrator", 1);
        Assert.True(_course.IsDown("orchestrator"));

        Assert.IsType<FarmEvent.StartsAgain>(_course.StartFailed("orchestrator"));
        Assert.IsType<FarmEvent.Over>(_course.StartFailed("orchestrator"));
        Assert.Null(_course.StartFailed("orchestrator"));
    }

    [Fact]
    public void TheFarmIsUp_OnceAllAreHealthyOrDone()
    {
        ComesUp();

        Assert.Null(_course.TimeIsUp());
        Assert.Null(See("edge", ResourceCondition.Running));
        Assert.Null(See("edge", ResourceCondition.Healthy));
    }

    [Fact]
    public void AFarmThatIsLate_SaysWhatIsNotWellAndWhatWaitsForThat()
    {
        See("pool", ResourceCondition.Healthy);
        See("orchestrator", ResourceCondition.Running);
        See("install", ResourceCondition.Waiting);

        var late = Assert.IsType<FarmEvent.Late>(_course.TimeIsUp());

        Assert.Equal(
            ["orchestrator: runs, and is not healthy. Its last lines:", "install: waits for orchestrator", "edge: waits for install"],
            late.Resources.Select(FarmReport.Line)
        );
        Assert.Null(Ends("orchestrator", 1));
    }

    [Fact]
    public void WhatIsNotOfTheFarm_IsNobodysBusiness() => Assert.Null(Ends("aspire-dashboard", 1));

    private void ComesUp()
    {
        Assert.Null(See("orchestrator", ResourceCondition.Healthy));
        Assert.Null(See("pool", ResourceCondition.Healthy));
        Assert.Null(See("install", ResourceCondition.Running));
        Assert.Null(Ends("install", 0));
        Assert.IsType<FarmEvent.Up>(See("edge", ResourceCondition.Healthy));
    }

    private FarmEvent? See(string name, ResourceCondition condition, int? exitCode = null) => _course.See(new(name, condition, exitCode));

    private FarmEvent? Ends(string name, int exitCode) =>
        _course.See(new(name, ResourceCondition.Ended, exitCode, _now = _now.AddSeconds(1)));

    private static void AssertStartsAgain(FarmEvent? news, string what, int seconds, params string[] waiting)
    {
        var again = Assert.IsType<FarmEvent.StartsAgain>(news);
        Assert.Equal((what, TimeSpan.FromSeconds(seconds)), (again.What, again.Pause));
        Assert.Equal(waiting, again.Waiting);
    }

    private static void AssertOver(FarmEvent? news, string resource, string what, params string[] waiting)
    {
        var over = Assert.IsType<FarmEvent.Over>(news);
        Assert.Equal((resource, what), (over.Resource, over.What));
        Assert.Equal(waiting, over.Waiting);
    }
}
