using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WpFarm.Contracts.Agents.Uploads;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Backups.Uploads;

namespace WpFarm.Tests.Orchestrator.Backups.Uploads;

public sealed class UploadsAgentTests : IDisposable
{
    private const string Key = "of-the-agent";
    private const string Id = "8d409e48799929bfc3befeb3ea14a9885fdf2d44fa21ea4cd059ecc91deef3f5";

    private readonly string _keyFile = Path.Combine(Path.GetTempPath(), $"wpfarm-{Guid.NewGuid():N}.key");
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_795_626_000));
    private readonly Answers _answers = new();
    private readonly UploadsAgent _agent;

    public UploadsAgentTests()
    {
        File.WriteAllText(_keyFile, $"{Key}\nthe-one-before");
        _agent = new(
            Options.Create(
                new UploadsSettings
                {
                    Address = new("http://uploads-backup:9301"),
                    KeyFile = _keyFile,
                    Timeout = TimeSpan.FromSeconds(1),
                }
            ),
            _time,
            _answers
        );
    }

    public void Dispose()
    {
        _agent.Dispose();
        File.Delete(_keyFile);
    }

    [Fact]
    public async Task A_snapshot_is_ordered_with_a_proof_and_reported()
    {
        _answers.Next = (
            HttpStatusCode.OK,
            $$"""
            {
              "id": "{{Id}}", "initialized": true, "files": 3, "filesNew": 2, "filesChanged": 1,
              "bytes": 300, "bytesAdded": 200, "bytesStored": 150, "unread": ["blog/a"], "seconds": 1.5
            }
            """
        );

        var report = await _agent.SnapshotAsync(default);

        Assert.Equal(
            (Id, true, 3, 2, 1, 300, 200, 150, 1.5),
            (
                report.Id,
                report.Initialized,
                report.Files,
                report.FilesNew,
                report.FilesChanged,
                report.Bytes,
                report.BytesAdded,
                report.BytesStored,
                report.Seconds
            )
        );
        Assert.Equal(["blog/a"], report.Unread);
        Assert.Equal("POST http://uploads-backup:9301/snapshots", _answers.Asked);
        var proof = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), "POST /snapshots\nuploads-backup\n1795626000"u8);
        Assert.Equal($"Proof 1795626000 {Convert.ToHexStringLower(proof)}", _answers.Authorization);
    }

    [Fact]
    public async Task Whatever_a_file_is_called_it_is_named_in_the_order_and_the_proof_covers_it()
    {
        _answers.Next = (HttpStatusCode.OK, """{"id": null, "files": 1, "bytes": 5, "seconds": 0.5}""");

        var report = await _agent.RestoreAsync(new(Id, "blog", "2026/we[ird] & ü?#.jpg", InPlace: true), default);

        Assert.Null(report.Id);
        const string Query = $"/restore?snapshot={Id}&target=in-place&site=blog&path=2026%2Fwe%5Bird%5D%20%26%20%C3%BC%3F%23.jpg";
        Assert.Equal($"POST http://uploads-backup:9301{Query}", _answers.Asked);
        Assert.EndsWith(
            Convert.ToHexStringLower(
                HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes($"POST {Query}\nuploads-backup\n1795626000"))
            ),
            _answers.Authorization,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Snapshots_are_listed_with_what_was_counted()
    {
        _answers.Next = (
            HttpStatusCode.OK,
            $$"""
            {
              "snapshots": [
                {"id": "{{Id}}", "time": "2026-11-25T17:10:05.095986104Z", "files": 2, "bytes": 30, "bytesAdded": 20},
                {"id": "b", "time": "2026-11-25T18:10:05+01:00", "files": null, "bytes": null, "bytesAdded": null}
              ]
            }
            """
        );

        var snapshots = await _agent.SnapshotsAsync(default);

        Assert.Equal([(Id, 2L), ("b", null)], snapshots.Select(snapshot => (snapshot.Id, snapshot.Files)));
        Assert.True(snapshots[0].Time > snapshots[1].Time);
    }

    [Theory]
    [InlineData("equal", true, true)]
    [InlineData("changed", true, true)]
    [InlineData("gone", true, true)]
    [InlineData("differs", true, false)]
    [InlineData("gone", false, false)]
    public async Task A_sample_is_good_when_all_was_restored_and_nothing_unchanged_differs(string upload, bool restored, bool good)
    {
        _answers.Next = (
            HttpStatusCode.OK,
            $$"""
            {
              "files": [
                {"path": "blog/a", "bytes": 1, "sha256": null, "restored": {{(restored ? "true" : "false")}}, "upload": "{{upload}}"}
              ],
              "seconds": 1
            }
            """
        );

        Assert.Equal(good, (await _agent.SampleAsync(Id, 20, default)).IsGood);
        Assert.Equal($"GET http://uploads-backup:9301/sample?snapshot={Id}&count=20", _answers.Asked);
    }

    [Fact]
    public async Task Progress_says_what_is_done_and_that_nothing_is()
    {
        _answers.Next = (
            HttpStatusCode.OK,
            """{"order": "POST /snapshots", "seconds": 2.5, "percent": 12.5, "files": 1, "bytes": 2, "bytesTotal": 3}"""
        );
        Assert.Equal(new UploadsProgress("POST /snapshots", 2.5, 12.5, 1, 2, 3), await _agent.ProgressAsync(default));

        _answers.Next = (HttpStatusCode.OK, """{"order": null}""");
        Assert.Null((await _agent.ProgressAsync(default)).Order);
    }

    [Theory]
    [InlineData("busy", nameof(UploadsFault.Busy))]
    [InlineData("wrongKey", nameof(UploadsFault.WrongKey))]
    [InlineData("storeUnreachable", nameof(UploadsFault.StoreUnreachable))]
    [InlineData("noRepository", nameof(UploadsFault.NoRepository))]
    public async Task A_refusal_is_told_apart_and_in_the_agents_words(string kind, string fault)
    {
        _answers.Next = (HttpStatusCode.BadGateway, $$"""{"fault": "{{kind}}", "message": "what to do"}""");

        var refused = await Assert.ThrowsAsync<UploadsException>(() => _agent.CheckAsync(2.5, default));

        Assert.Equal((fault, "uploads-backup: what to do"), (refused.Fault.ToString(), refused.Message));
        Assert.Equal("POST http://uploads-backup:9301/check?percent=2.5", _answers.Asked);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, "<html>")]
    [InlineData(HttpStatusCode.OK, """{"errors": 0, "problems": null, "seconds": 1}""")]
    [InlineData(HttpStatusCode.BadGateway, """{"fault": "unheardOf", "message": "what to do"}""")]
    public async Task An_answer_that_cannot_be_understood_is_not_taken_for_one(HttpStatusCode status, string answer)
    {
        _answers.Next = (status, answer);

        var failed = await Assert.ThrowsAsync<UploadsException>(() => _agent.CheckAsync(0, default));

        Assert.Equal(UploadsFault.AgentUnreachable, failed.Fault);
        Assert.Contains("POST /check?percent=0", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_is_away_or_hangs_is_named()
    {
        _answers.Fails = new HttpRequestException("Connection refused");
        Assert.Equal(
            UploadsFault.AgentUnreachable,
            (await Assert.ThrowsAsync<UploadsException>(() => _agent.ForgetAsync([Id], default))).Fault
        );

        _answers.Fails = null;
        Assert.Equal(
            UploadsFault.AgentUnreachable,
            (await Assert.ThrowsAsync<UploadsException>(() => _agent.ProgressAsync(default))).Fault
        );
    }

    /// <summary>Gives the next answer to every order; hangs without one.</summary>
    private sealed class Answers : HttpMessageHandler
    {
        public (HttpStatusCode Status, string Body)? Next { get; set; }

        public Exception? Fails { get; set; }

        public string Asked { get; private set; } = "";

        public string Authorization { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Fails is not null)
                throw Fails;
            (Asked, Authorization) = ($"{request.Method} {request.RequestUri!.AbsoluteUri}", request.Headers.Authorization!.ToString());
            if (Next is null)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return new HttpResponseMessage(Next!.Value.Status) { Content = new StringContent(Next.Value.Body) };
        }
    }
}
