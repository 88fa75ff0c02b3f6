-- Rows of other lives of the topic.
SELECT count()
FROM commands
WHERE kafka_topic_id != unhex({topic_id:String})
    AND ({tenant:String} = '' OR tenant_id = {tenant:String})
    AND ({agent:String} = '' OR agent_id = {agent:String})
    AND event_time >= {since:DateTime64(3, 'UTC')}
    AND event_time < {until:DateTime64(3, 'UTC')}
